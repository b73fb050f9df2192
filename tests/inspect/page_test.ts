import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Page } from "playwright-core";
import { startServer } from "../../src/inspect/server.ts";
import type { Snapshot } from "../../src/inspect/snapshot.ts";
import { noChromium, withPage } from "../helpers/chromium.ts";
import { testsWith } from "../suite.ts";
import { paint, plain, row } from "./shown.ts";
import {
  BEGIN,
  demo,
  makeLock,
  makeProcess,
  makeQueue,
  makeSnapshot,
  TIMES,
} from "./support.ts";

const { test } = testsWith({
  skip: noChromium,
  leaks: "the library that drives the browser keeps some",
  timeout: 120,
});

/** Opens the page of these snapshots; each look is half a second after the one before. */
async function showing(
  snapshot: (seconds: number) => Snapshot,
  fn: (page: Page, server: { close(): void }) => Promise<void>,
  options = {},
): Promise<void> {
  let seconds = 30;
  const server = await startServer({
    snapshot: () => Promise.resolve(snapshot(seconds += 0.5)),
    trace: () => Promise.resolve({ traceEvents: [] }),
  }, { interval: 0.1 });
  for (let s = 2; s <= seconds; s += 0.5) server.add(snapshot(s));
  try {
    await withPage(server.url, (page) => fn(page, server), options);
  } finally {
    server.close();
  }
}

test("the page shows processes, queues, locks, pools and output", async () => {
  await showing(demo, async (page) => {
    await page.getByRole("row").first().waitFor();
    match(
      await row(page, "MainProcess"),
      /901 waiting .*2 % .*132 MB .*a pool’s result/,
    );
    match(
      await row(page, "transfer-1"),
      /stuck .*acquire: accountB 22.7 s work.ts:11 in transfer holds accountA .*work.ts:9/,
    );
    match(await row(page, "SpawnPoolWorker-8"), /running .*resize\(398\) 47 ms/);
    match(await row(page, "logger"), /silent .*not heard of for 3.2 s/);
    match(await row(page, "log Lock work.ts:9"), /logger 328 ms store 100 ms/);
    match(await row(page, "accountA Lock work.ts:10"), /transfer-1 .*transfer-2/);
    match(await row(page, "Semaphore 6"), /1 free: camera ×2/);
    match(await row(page, "a Connection work.ts:13"), /send: camera/);
    const queues = plain(await page.locator(".queues").innerText());
    match(queues, /frames Queue work.ts:7 .*in 80\/s .*\d+ \/ 64 items/);
    match(queues, /boxes JoinableQueue .*4 unfinished waiting to get: store/);
    const alert = await page.getByRole("alert").innerText();
    strictEqual(alert, "None of these can go on: transfer-1, transfer-2");
    match(await page.locator(".banner.bad h2").innerText(), /^Deadlock: 2 processes/);
    match(await page.locator(".banner.warning").innerText(), /both orders/);
    match(await page.title(), /deadlock · demo.ts/);
    match(
      plain(await page.locator(".pools").innerText()),
      /24 queued .* 1 failed .*resize/,
    );
    ok(await paint(page) > 0.2);
    const errors = await page.locator(".log .stderr .text").allInnerTexts();
    ok(errors.length > 0 && errors.every((text) => text === "left: slow disk"));
  });
});

test("what is shown moves, and stands still while it is paused", async () => {
  await showing(demo, async (page) => {
    await page.clock.install(); // time passes, and can be made to pass at once
    const age = page.locator("header .figures div").filter({ hasText: "running" });
    const first = await age.innerText();
    await age.filter({ hasNotText: first.split("\n")[0]! }).waitFor();
    await page.getByRole("button", { name: "Pause" }).press("Enter");
    await page.getByRole("status").filter({ hasText: "paused" }).waitFor();
    const paused = await page.locator("main").innerText();
    await page.clock.runFor(10_000);
    strictEqual(await page.locator("main").innerText(), paused);
    await page.getByRole("button", { name: "Resume" }).press("Enter");
    await page.getByRole("status").filter({ hasText: "live" }).waitFor();
  });
});

test("when the server ends the page says so and stays", async () => {
  await showing(demo, async (page, server) => {
    await page.getByRole("row").first().waitFor();
    await page.waitForEvent("requestfinished"); // one that the end cuts off is reported
    await page.evaluate("fetch = () => Promise.reject(new TypeError('gone'))");
    server.close();
    await page.getByRole("status").filter({ hasText: "may have ended" }).waitFor();
    match(await row(page, "transfer-1"), /stuck/);
  });
});

test("a saved page opens from the disk, without a server", async () => {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const path = join(folder, "saved.html");
  let shown = "";
  try {
    await showing(demo, async (page) => {
      await page.getByRole("button", { name: "Pause" }).click();
      await page.getByRole("row").first().waitFor();
      shown = await page.locator("main").innerText();
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name: "Save page" }).click(),
      ]);
      match(download.suggestedFilename(), /^demo\.ts-[-\dT]+\.html$/);
      await download.saveAs(path);
    });
    await withPage(String(pathToFileURL(path)), async (page) => {
      strictEqual(await page.locator("main").innerText(), shown);
      match(await page.locator(".status").innerText(), /^saved at /);
      deepStrictEqual(await page.getByRole("button").all(), []);
      ok(await paint(page) > 0.2);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("the page that the server saves opens from the disk, too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  const path = join(folder, "saved.html");
  const server = await startServer({ snapshot: () => Promise.resolve(demo(30)) });
  try {
    writeFileSync(path, await server.page());
    await withPage(String(pathToFileURL(path)), async (page) => {
      match(await row(page, "transfer-2"), /stuck/);
    });
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});

/** Text that would be a program if it were read as one. */
const EVIL = `<img src=x onerror="document.title='evil'"><script>alert(1)</script>`;

test("no text of the program becomes a program", async () => {
  const snapshot = (seconds: number) =>
    makeSnapshot(BEGIN + 1000 * seconds, {
      program: EVIL,
      processes: [makeProcess(1, EVIL, {
        host: EVIL,
        runtime: EVIL,
        tasks: [
          { func: EVIL, args: EVIL, age: 1 },
        ],
      })],
      objects: [makeQueue(1, { name: EVIL, type: EVIL }), makeLock(2, { name: EVIL })],
      output: [{ at: BEGIN, process: 1, stream: "stderr", text: EVIL }],
      deadlocks: [{
        isCertain: true,
        processes: [],
        age: 1,
        title: EVIL,
        lines: [EVIL],
      }],
      inversions: [{ objects: [1, 2], title: EVIL, lines: [EVIL] }],
    });
  await showing(snapshot, async (page) => {
    await page.getByRole("row").first().waitFor();
    match(await row(page, `${EVIL} on ${EVIL}`), /<img src=x/);
    strictEqual(await page.locator("img, main script").count(), 0);
    match(await page.title(), /^⚠ deadlock · <img/);
  });
});

test("many processes, objects and workers are bounded and told", async () => {
  const workers = Array.from({ length: 200 }, (_, i) => ({
    ...{ process: null, name: `w${i}`, isBusy: false, share: 0, done: 0 },
  }));
  const snapshot = (seconds: number) =>
    makeSnapshot(BEGIN + 1000 * seconds, {
      processes: Array.from({ length: 1000 }, (_, i) => makeProcess(i + 1, `p${i}`)),
      objects: Array.from({ length: 1000 }, (_, i) =>
        i % 2 === 0 ? makeQueue(i) : makeLock(i)),
      pools: [{
        ...{
          id: 1,
          process: 1,
          name: "many",
          place: null,
          workers,
          queued: 0,
          done: 0,
        },
        ...{ failed: 0, run: TIMES, wait: TIMES, spans: [] },
      }],
    });
  await showing(snapshot, async (page) => {
    await page.getByText("and 800 more, which are not shown").waitFor();
    strictEqual(await page.getByText("and 460 more, which are not shown").count(), 2);
    await page.getByText("and 72 more, which are not shown").waitFor();
    strictEqual(await page.locator(".queue").count(), 40);
  });
});

test("on a phone nothing is wider than the screen, in the dark as well", async () => {
  const options = { viewport: { width: 390, height: 844 }, colorScheme: "dark" };
  await showing(demo, async (page) => {
    await page.getByRole("row").first().waitFor();
    const [width, background] = await page.evaluate(
      "[document.documentElement.scrollWidth, getComputedStyle(document.body.parentElement).backgroundColor]",
    ) as [number, string];
    strictEqual(width, 390);
    strictEqual(background, "rgb(18, 22, 27)");
    // A row is laid out in two lines and is a row all the same.
    match(await row(page, "transfer-1"), /acquire: accountB/);
  }, options);
});
