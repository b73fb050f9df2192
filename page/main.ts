/**
 * The page's program: asks the server for what is new while somebody looks, and draws it.
 * A saved page has what it shows in itself and asks nobody.
 *
 * @module
 */
import { History, type Update } from "../src/inspect/history.ts";
import { type PageData, pageHtml } from "../src/inspect/page/html.ts";
import { become, el } from "./dom.ts";
import { locks, pipes, queues } from "./objects.ts";
import { drawPools, pools, tellBar } from "./pools.ts";
import { processes } from "./processes.ts";
import { banners, figures, output, title } from "./top.ts";
import { View } from "./view.ts";

/** Milliseconds until the server is asked again when it did not answer. */
const RETRY = 2000;

const data: PageData = JSON.parse(
  document.getElementById("data")!.textContent!,
);
const history = new History();

type State = "live" | "paused" | "ended" | "saved";
let state: State = data.savedAt === null ? "live" : "saved";
let view: View | undefined;

const name = el("h1", {}, data.program);
const numbers = el("div");
const status = el("span.status", { role: "status" });
const pause = el(
  "button",
  { type: "button", "aria-pressed": "false" },
  "Pause",
);
const save = el("button", { type: "button" }, "Save page");
const trace = data.hasTrace &&
  el(
    "a.button",
    { href: "trace", download: "trace.json" },
    "Trace for Perfetto",
  );
const main = el("main");
document.body.append(
  el(
    "header",
    {},
    name,
    numbers,
    el("div.actions", {}, status, pause, save, trace),
  ),
  main,
);

function show(): void {
  const words = {
    live: "live",
    paused: "paused",
    ended: "no answer: the program may have ended",
    saved: `saved at ${new Date(data.savedAt ?? 0).toLocaleString()}`,
  };
  status.className = `status ${state}`;
  if (status.textContent !== words[state]) status.textContent = words[state];
  pause.hidden = save.hidden = state === "saved";
  if (history.now === null) return;
  view = new View(history.now, history);
  const [first] = view.now.deadlocks;
  document.title = (first === undefined ? "" : "⚠ deadlock · ") +
    view.now.program;
  become(name, el("h1", {}, title(view)));
  become(numbers, el("div", {}, figures(view)));
  const log = document.querySelector(".log");
  const isAtEnd = log === null ||
    log.scrollTop + log.clientHeight >= log.scrollHeight - 4;
  become(
    main,
    el(
      "main",
      {},
      banners(view),
      el(
        "div.columns",
        {},
        el("div", {}, processes(view)),
        el("div", {}, queues(view), locks(view), pipes(view)),
      ),
      el("div.pools", {}, pools(view)),
      output(view, history),
    ),
  );
  drawPools(view);
  const shown = document.querySelector(".log");
  if (isAtEnd && shown !== null) shown.scrollTop = shown.scrollHeight;
}

/** Asks for what is new, and comes again. */
async function look(): Promise<void> {
  if (isPaused() || document.hidden) return;
  const update = await ask();
  if (isPaused()) return; // what is shown stays, and is what is saved
  if (update !== undefined) history.apply(update);
  state = update === undefined ? "ended" : "live";
  show();
  schedule(update === undefined ? RETRY : data.interval!);
}

function isPaused(): boolean {
  return state === "paused";
}

/** What is new; undefined if nobody answers: the program has ended, or the machine slept. */
async function ask(): Promise<Update | undefined> {
  try {
    const response = await fetch(`update?since=${history.seq}`);
    return response.ok ? await response.json() : undefined;
  } catch {
    return undefined;
  }
}

let timer = 0;

function schedule(milliseconds: number): void {
  clearTimeout(timer);
  timer = setTimeout(look, milliseconds);
}

/** One file with all that is shown. */
function saved(): string {
  return pageHtml({
    style: document.getElementById("style")!.textContent!,
    script: document.getElementById("script")!.textContent!,
    nonce: crypto.randomUUID().replaceAll("-", ""),
    data: {
      program: history.now?.program ?? data.program,
      interval: null,
      hasTrace: false,
      savedAt: history.now?.at ?? Date.now(),
      update: history.since(0),
    },
  });
}

pause.addEventListener("click", () => {
  state = isPaused() ? "live" : "paused";
  pause.setAttribute("aria-pressed", String(isPaused()));
  pause.textContent = isPaused() ? "Resume" : "Pause";
  show();
  if (state === "live") void look();
});

save.addEventListener("click", () => {
  const url = URL.createObjectURL(new Blob([saved()], { type: "text/html" }));
  const time = new Date().toISOString().slice(0, 19).replaceAll(":", "-");
  const program = history.now?.program ?? data.program;
  const file = `${program.replace(/[^\w.-]/g, "_")}-${time}.html`;
  el("a", { href: url, download: file }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
});

document.addEventListener("visibilitychange", () => {
  if (state !== "saved") schedule(0);
});
main.addEventListener("mousemove", (event) => view && tellBar(view, event));
addEventListener("resize", () => view && drawPools(view));

if (data.update !== null) history.apply(data.update);
show();
if (state === "live") void look();
