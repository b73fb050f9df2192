import { match, ok, strictEqual } from "node:assert/strict";
import { Past } from "../../src/inspect/past.ts";
import { ask } from "../helpers/http_client.ts";
import { test } from "../suite.ts";
import { BEGIN, demo } from "./support.ts";

/** A source in the test's hand; `look` is what the session does once an interval. */
function makeSource() {
  let seconds = 0;
  const onLook = new Set<() => void>();
  return {
    source: {
      snapshot: () => Promise.resolve(demo(seconds)),
      snapshotNow: () => demo(seconds),
      onLook,
    },
    onLook,
    look() {
      seconds += 0.5;
      for (const tell of onLook) tell();
    },
  };
}

test("looks become the past of the page and of the trace", async () => {
  const { source, look } = makeSource();
  const past = new Past(source, 0.5);
  for (let i = 0; i < 10; i++) look();
  const page = await past.page();
  const data = JSON.parse(/<script id="data"[^>]*>([^]*?)<\/script>/.exec(page)![1]!);
  ok(data.update.frames.length >= 10);
  strictEqual(data.update.frames[0].at, BEGIN + 500);
  const { traceEvents, otherData } = past.trace();
  strictEqual(otherData.program, "demo.ts");
  ok(traceEvents.some(({ ph, name }) => ph === "X" && name.startsWith("resize")));
  past.close();
});

test("the trace is served beside the page", async () => {
  const { source, look } = makeSource();
  const past = new Past(source, 0.5);
  strictEqual(past.url, null);
  await past.serve(0);
  look();
  const { port, pathname } = new URL(past.url!);
  match((await ask(Number(port), pathname)).body, /"hasTrace":true/);
  const { body } = await ask(Number(port), `${pathname}trace`);
  ok(JSON.parse(body).traceEvents.length > 0);
  past.close();
  strictEqual(past.url, null);
});

test("once it is closed nobody tells it of looks", () => {
  const { source, onLook } = makeSource();
  const past = new Past(source, 0.5);
  strictEqual(onLook.size, 1);
  past.close();
  strictEqual(onLook.size, 0);
});
