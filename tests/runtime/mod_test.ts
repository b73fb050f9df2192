/** The adapter of the runtime we are on, with real processes. */
import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import process from "node:process";
import {
  runtime,
  signalName,
  signalNumber,
  type SpawnOptions,
} from "../../src/runtime/mod.ts";
import { alive } from "../helpers/alive.ts";
import { programPath } from "../helpers/run.ts";
import { runtimeName, test } from "../suite.ts";
import { pathToFileURL } from "node:url";

const OPTIONS: SpawnOptions = {
  executable: undefined,
  grants: undefined,
  entry: pathToFileURL(programPath("tests/children/raw.ts")).href,
  args: [],
  cwd: undefined,
  env: undefined,
};

function start(mode: string) {
  const grants = runtime.permissions.held();
  return runtime.spawn({ ...OPTIONS, grants, args: [mode] });
}

/** Everything that a child prints. */
async function output(child: ReturnType<typeof start>, onText = (_: string) => {}) {
  let text = "";
  await child.read((chunk) => {
    text += new TextDecoder().decode(chunk);
    onText(text);
  });
  return text;
}

test("the adapter is that of the runtime, and knows the process", () => {
  strictEqual(runtime.name, runtimeName);
  strictEqual(runtime.pid, process.pid);
  strictEqual(runtime.ppid, process.ppid);
  strictEqual(runtime.cwd(), process.cwd());
  ok(runtime.cpuCount >= 1 && runtime.usableCpuCount >= 1);
  strictEqual(runtime.env()!["PATH"], process.env["PATH"]);
});

test("spawn() carries bytes both ways, before and after stdin is hidden", async () => {
  const child = start("echo");
  // Not from 0 on: no frame begins with that, and Deno would look for a socket's path.
  const sent = Uint8Array.from({ length: 300_000 }, (_, i) => (i + 1) % 251);
  void child.write(sent);
  const found: Uint8Array[] = [];
  let count = 0;
  await alive(child.read((chunk) => {
    found.push(chunk.slice());
    count += chunk.length;
    if (count === sent.length) child.closeStdin();
  }));
  strictEqual(await alive(child.exited), 0);
  deepStrictEqual(new Uint8Array(found.flatMap((bytes) => [...bytes])), sent);
});

test("exited is the exit code", async () => {
  const child = start("exit");
  await alive(output(child));
  strictEqual(await alive(child.exited), 3);
  child.kill(9); // nothing happens
  child.closeStdin();
});

test("exited is minus the signal's number", async () => {
  const child = start("hang");
  await alive(output(child, (text) => text === "ready" && child.kill(9)));
  strictEqual(await alive(child.exited), -9);
  child.closeStdin();
});

test("a process is drained before it exits, again after new work", async () => {
  const child = start("drained");
  strictEqual(await alive(output(child)), "drained drained exit");
  strictEqual(await alive(child.exited), 0);
  child.closeStdin();
});

test("spawn() throws at once when the program is missing", () => {
  const missing = { ...OPTIONS, executable: "/no/such/program" };
  throws(() => runtime.spawn(missing), { code: "ENOENT" });
});

test("signals have POSIX's numbers", () => {
  strictEqual(signalNumber("SIGKILL"), 9);
  strictEqual(signalName(15), "SIGTERM");
  strictEqual(signalNumber("SIGNOTHING"), 0);
  strictEqual(signalName(99), undefined);
});
