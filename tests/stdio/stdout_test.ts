/**
 * The root's stdout is closed, full, slow or never read: that costs what is printed, not
 * the work.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync } from "node:fs";
import { setImmediate } from "node:timers";
import { programCommand } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";

/** Megabytes that the root may have, at most; a runtime alone has a half of it and more. */
const MEMORY = 200;
/** Megabytes of text that would not fit into that. */
const MUCH = 300;

/** Runs printers.ts; gives its stderr and exit code, and its stdout to `read`. */
async function print(
  megabytes: number,
  count: number,
  read: (stdout: NodeJS.ReadableStream, worked: Promise<void>) => void,
  file?: number,
): Promise<{ stderr: string[]; code: number | null }> {
  const args = [`${megabytes}`, `${count}`];
  const [program, ...rest] = programCommand("tests/children/printers.ts", { args });
  const root = spawn(program!, rest, { stdio: ["ignore", file ?? "pipe", "pipe"] });
  let stderr = "";
  const worked = new Promise<void>((resolve) => {
    root.stderr!.on("data", (bytes) => {
      stderr += bytes;
      if (stderr.includes("worked")) resolve();
    });
  });
  if (root.stdout) read(root.stdout, worked);
  const code = await new Promise<number | null>((done) => root.on("close", done));
  return { stderr: stderr.trim().split("\n"), code };
}

const ENDED = [
  "worked",
  "printed",
  "printed",
  "exit code 0",
  "exit code 0",
  "exit code 0",
];

test("nobody reads stdout any more: the prints are dropped", async () => {
  const { stderr, code } = await print(4, 200, (stdout) => {
    stdout.once("data", () => (stdout as unknown as { destroy(): void }).destroy());
  });
  deepStrictEqual(stderr.slice(0, -1), ENDED);
  strictEqual(code, 0);
});

test("stdout is full: the prints are lost, and that is said once", async () => {
  const full = openSync("/dev/full", "w");
  const { stderr, code } = await print(4, 200, () => {}, full);
  closeSync(full);
  const said = stderr.filter((line) => line.startsWith("What processes print is lost"));
  strictEqual(said.length, 1);
  deepStrictEqual(stderr.filter((line) => !said.includes(line)).slice(0, -1), ENDED);
  strictEqual(code, 0);
}, { skip: !existsSync("/dev/full") && "only Linux has a full device" });

test("nobody reads stdout yet: those who print nothing work all the same", async () => {
  let length = 0;
  const { stderr, code } = await print(4, 200, async (stdout, worked) => {
    await worked;
    stdout.on("data", (bytes) => length += bytes.length);
  });
  deepStrictEqual(stderr.slice(0, -1), ENDED);
  strictEqual(length, 4e6);
  strictEqual(code, 0);
});

test("a slow reader gets all, and the root keeps little of it", async () => {
  let length = 0;
  const { stderr, code } = await print(MUCH, 10, (stdout) => {
    stdout.on("data", (bytes) => {
      length += bytes.length;
      stdout.pause();
      setImmediate(() => stdout.resume());
    });
  });
  deepStrictEqual(stderr.slice(0, -1), ENDED);
  strictEqual(length, MUCH * 1e6);
  const peak = Number(/peak (\S+) MB/.exec(stderr.at(-1)!)![1]);
  ok(peak < MEMORY, `${runtimeName}'s root had ${peak} MB`);
  strictEqual(code, 0);
});
