/** Tests of what becomes of segments when programs end, and of where they cannot be made. */

import { match, ok, strictEqual } from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import process from "node:process";
import { endOf, nextTurn } from "../cpython/helpers/checks.ts";
import {
  outputOf,
  programCommand,
  runCommand,
  runProgram,
  startProgram,
} from "../helpers/run.ts";
import { noSharedFiles } from "../helpers/shared_files.ts";
import { runtimeName, test } from "../suite.ts";
import { SharedMemory } from "../../src/shared_memory.ts";
import { canMap } from "../../src/runtime/mapping/mod.ts";

canMap(); // loads a library for good

const PROGRAM = "tests/children/segments.ts";
const HERE = { skip: noSharedFiles };

let count = 0;

function newName(): string {
  return `pystd_test_${process.pid}_${++count}`;
}

function exists(name: string): boolean {
  return existsSync(`/dev/shm/${name}`);
}

function remove(name: string): void {
  const shm = SharedMemory(name);
  shm.close();
  shm.unlink();
}

/** What programs of a process keep beside their segments. */
function foldersOf(pid: number): string[] {
  const own = `-${pid.toString(36)}-`;
  return readdirSync("/dev/shm").filter((name) =>
    name.endsWith(".shared") && name.includes(own)
  );
}

const WARNING =
  /resource_tracker: There appear to be 1 leaked shared_memory objects to clean up at shutdown: \{'\/pystd_test_/;

for (const how of ["end", "throw", "exit", "child", "child_throw"]) {
  test(`a segment that was not unlinked goes with its program: ${how}`, async () => {
    const name = newName();
    const { stdout, stderr } = await runProgram(PROGRAM, { args: [how, name] });
    match(stdout, /exists 7/);
    match(stderr, WARNING);
    strictEqual(exists(name), false);
  }, HERE);
}

test("a segment that was unlinked leaves nothing to say", async () => {
  const name = newName();
  await outputOf(PROGRAM, ["unlink", name]);
  strictEqual(exists(name), false);
}, HERE);

test("a segment that is not tracked outlives its program", async () => {
  const name = newName();
  for (const how of ["end", "child"]) {
    await outputOf(PROGRAM, [how, name, "untracked"]);
    remove(name);
  }
}, HERE);

test("a program removes nothing that another has made", async () => {
  const name = newName();
  const shm = SharedMemory(name, true, 16);
  match(await outputOf(PROGRAM, ["attach", name]), /exists 0/);
  ok(exists(name));
  shm.close();
  shm.unlink();
}, HERE);

for (const how of ["stay", "child_stay", "with_child"]) {
  test(`a program that is terminated removes its segment: ${how}`, async () => {
    const name = newName();
    const program = startProgram(PROGRAM, { args: [how, name] });
    await program.waitForOutput("ready");
    ok(exists(name));
    program.kill("SIGTERM");
    const { stderr } = await program.finished;
    match(stderr, WARNING);
    strictEqual(exists(name), false);
    strictEqual(foldersOf(program.pid).length, 0);
  }, HERE);
}

test("where the root is killed, the segment goes with what is left", async () => {
  const name = newName();
  const program = startProgram(PROGRAM, { args: ["with_child", name] });
  await program.waitForOutput("ready");
  program.kill("SIGKILL");
  await program.finished;
  await endOf(program.pid);
  // On Node the child notices; elsewhere it is killed at once, and the next program does.
  if (runtimeName !== "node") {
    await runProgram(PROGRAM, { args: ["unlink", newName()] });
  }
  const end = Date.now() + 20_000;
  while (exists(name) && Date.now() < end) await nextTurn();
  strictEqual(exists(name), false);
}, HERE);

test("where a lone program is killed, the next one removes the segment", async () => {
  const name = newName();
  const other = newName();
  const program = startProgram(PROGRAM, { args: ["stay", name] });
  await program.waitForOutput("ready");
  program.kill("SIGKILL");
  await program.finished;
  await endOf(program.pid);
  await runProgram(PROGRAM, { args: ["unlink", other] });
  strictEqual(exists(name), false);
}, HERE);

test("what got the same name later is not removed", async () => {
  const name = newName();
  const program = startProgram(PROGRAM, { args: ["stay", name] });
  await program.waitForOutput("ready");
  // As another program would: nobody tells the first one.
  execFileSync("rm", [`/dev/shm/${name}`]);
  const shm = SharedMemory(name, true, 3);
  program.kill("SIGTERM");
  const { stderr } = await program.finished;
  strictEqual(stderr, "");
  ok(exists(name));
  shm.close();
  shm.unlink();
}, HERE);

// --- where /dev/shm is not as it should be

/** Whether this user may mount what he likes, for himself. */
function mayMount(): boolean {
  try {
    execFileSync("unshare", ["-m", "true"], { stdio: "ignore" });
    return process.platform === "linux";
  } catch {
    return false;
  }
}

const MOUNTING = { skip: !mayMount() && "it takes the right to mount" };

/** Runs the program behind some shell commands, in a space of mounts of its own. */
function runWithin(commands: string, args: string[]) {
  const command = programCommand(PROGRAM, { args });
  const script = `mount --make-rprivate / 2>/dev/null; ${commands} && exec "$@"`;
  return runCommand(["unshare", "-m", "sh", "-c", script, "sh", ...command]);
}

/** What may be wrong with /dev/shm. */
const PLACES = {
  small: "mount -t tmpfs -o size=100k none /dev/shm",
  full: "mount -t tmpfs -o size=8k none /dev/shm && " +
    "{ dd if=/dev/zero of=/dev/shm/full bs=1k count=100 2>/dev/null || true; }",
  "read-only": "mount -t tmpfs -o ro none /dev/shm",
  missing: "mount -t tmpfs none /dev && touch /dev/null",
};

test("/dev/shm with 100 KB holds a small segment", async () => {
  const { stdout } = await runWithin(PLACES.small, ["unlink", newName()]);
  match(stdout, /exists 7/);
}, MOUNTING);

test("/dev/shm that is full gives a clear error", async () => {
  const { stderr, code } = await runWithin(PLACES.full, ["unlink", newName()]);
  match(stderr, /OSError: \[Errno 28\] No space left on device: '\/pystd_test_/);
  strictEqual(code, 1);
}, MOUNTING);

test("/dev/shm that is read-only gives a clear error", async () => {
  const { stderr, code } = await runWithin(PLACES["read-only"], [
    "unlink",
    newName(),
  ]);
  match(stderr, /OSError: \[Errno 30\] Read-only file system: '\/pystd_test_/);
  strictEqual(code, 1);
}, MOUNTING);

for (const [what, commands] of Object.entries(PLACES)) {
  test(`Values work where /dev/shm is ${what}`, async () => {
    const { stdout, stderr, code } = await runWithin(commands, ["values", newName()]);
    strictEqual(stdout, "value 42 0\n", stderr);
    strictEqual(code, 0);
  }, MOUNTING);
}

test("without /dev/shm there is a folder for temporary files", async () => {
  const { stdout, stderr, code } = await runWithin(PLACES.missing, [
    "unlink",
    newName(),
  ]);
  match(stdout, /exists 7/, stderr);
  strictEqual(code, 0);
}, MOUNTING);
