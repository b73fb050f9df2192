import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { HostedChild, hostedStart } from "../../src/link/hosted.ts";
import type { HostConfig, LaunchConfig } from "../../src/link/launch.ts";
import { RootEnd } from "../../src/link/root_end.ts";
import { asHost } from "../../src/process/hosts.ts";
import { type Child, runtime } from "../../src/runtime/mod.ts";
import { runtimeOf } from "../../src/runtime/other_runtime.ts";
import { type Errand, supervisorText } from "../../src/runtime/supervise.ts";
import { FrameWriter } from "../../src/wire/frame.ts";
import { Kind, type Message } from "../../src/wire/message.ts";
import { nextTurn } from "../cpython/helpers/checks.ts";
import { holdTimers } from "../helpers/timers.ts";
import { test } from "../suite.ts";

const MARK = 0xcafe;

const ERRAND: Errand = {
  ...{ mark: MARK, kind: Kind.Hosted, words: ["deno"], cwd: null, needsCwd: false },
  ...{ env: {}, link: 0 },
};

const LAUNCH: LaunchConfig = {
  ...{ name: "Process-1", executable: null, args: ["a b"], cwd: "/here/project/x" },
  ...{ env: null, keepsStderr: false, grants: null },
};

const PROGRAM = { entry: "file:///here/project/lib/child.js", args: ["a b"] };

function start(host: HostConfig, launch: Partial<LaunchConfig> = {}, isThere = false) {
  return hostedStart(host, PROGRAM, { ...LAUNCH, ...launch }, MARK, isThere);
}

/** The command that leads to a host, played by the test. */
class FakeCommand implements Child {
  readonly pid = 77;
  readonly exited: Promise<number>;
  exit!: (code: number) => void;
  /** All that was written to its stdin. */
  written: number[] = [];
  readonly signals: number[] = [];
  isClosed = false;
  say!: (bytes: Uint8Array) => void;
  complain!: (bytes: Uint8Array) => void;
  #ends: (() => void)[] = [];

  constructor() {
    this.exited = new Promise((resolve) => this.exit = resolve);
  }

  write(bytes: Uint8Array): undefined {
    for (const byte of bytes) this.written.push(byte);
  }

  closeStdin(): void {
    this.isClosed = true;
  }

  read(onChunk: (chunk: Uint8Array) => void): Promise<void> {
    this.say = onChunk;
    return new Promise((resolve) => this.#ends.push(resolve));
  }

  readStderr(onChunk: (chunk: Uint8Array) => void): Promise<void> {
    this.complain = onChunk;
    return new Promise((resolve) => this.#ends.push(resolve));
  }

  kill(signal: number): void {
    this.signals.push(signal);
  }

  end(code: number): void {
    this.exit(code);
    for (const end of this.#ends) end();
  }

  send(message: Message): void {
    new FrameWriter(MARK, (bytes) => this.say(bytes.slice())).send(message);
  }

  /** What was written since it was asked last. */
  take(): number[] {
    return this.written.splice(0);
  }
}

const HOST = asHost({ name: "worker1", command: ["ssh", "w"] }, "host");

function link() {
  const command = new FakeCommand();
  const child = new HostedChild(HOST, command, ERRAND);
  const seen = { messages: [] as Message[], text: "", ends: [] as number[] };
  const end = new RootEnd(child, MARK, "Process-1", "ssh", undefined, {
    onMessage: (message) => void seen.messages.push(message),
    onChunk() {},
    onText: () => undefined,
    onStderr: (bytes) => void (seen.text += new TextDecoder().decode(bytes)),
    onEnd: (code) => void seen.ends.push(code),
  });
  command.take();
  return { command, child, end, seen };
}

async function turns(): Promise<void> {
  for (let i = 0; i < 5; i++) await nextTurn();
}

test("hostedStart: the command, the words there, and where the folders are there", () => {
  const folders = { "/here": "/there", "/here/project": "/app" };
  const given = {
    command: ["docker", "run", "-i", "x"],
    executable: "/bin/node",
    folders,
  };
  const { options, errand } = start(asHost(given, "host"), {
    env: { A: "1" },
    execArgv: ["--stack-size=2000"],
  });
  deepStrictEqual(options.command!.slice(-7), [
    ...given.command,
    ...["/bin/node", "-e", supervisorText()],
  ]);
  const { env, ...rest } = errand;
  strictEqual(env["A"], "1");
  deepStrictEqual(rest, {
    mark: MARK,
    kind: Kind.Hosted,
    words: ["/bin/node", "--stack-size=2000", "/app/lib/child.js", "a b"],
    cwd: "/app/x",
    needsCwd: false,
    link: 3,
  });
});

test("hostedStart: a shell there gets quoted words, and Deno its own", () => {
  const host = asHost(
    { command: ["ssh", "w"], executable: "/it's/deno", cwd: "/c" },
    "h",
  );
  const { options, errand } = start(host);
  deepStrictEqual(options.command!.slice(-3), [
    "'/it'\\''s/deno'",
    "'eval'",
    `'${supervisorText()}'`,
  ]);
  deepStrictEqual(errand.words, [
    ...["/it's/deno", "run", "-A", PROGRAM.entry, "a b"],
  ]);
  deepStrictEqual([errand.cwd, errand.needsCwd, errand.link], ["/c", true, 0]);
});

test("hostedStart: a program of no path is one that is looked for there", () => {
  strictEqual(start(HOST).errand.words[0], runtime.name);
  const other = start(HOST, { executable: "/x/bun" });
  strictEqual(runtimeOf(other.errand.words[0]!), "bun");
  // What a process there asks for has the paths of that host already.
  const folders = asHost({ command: ["x"], folders: { "/here": "/there" } }, "host");
  strictEqual(start(folders).errand.cwd, "/there/project/x");
  strictEqual(start(folders, {}, true).errand.cwd, "/here/project/x");
  throws(() => hostedStart(HOST, { entry: null, args: [] }, LAUNCH, MARK, false), {
    name: "RuntimeError",
    message: "an executable that holds its modules cannot start processes on worker1",
  });
});

test("HostedChild: what is written has its length before it, signals have none", () => {
  const command = new FakeCommand();
  const child = new HostedChild(HOST, command, ERRAND);
  const first = command.take();
  const length = new DataView(Uint8Array.from(first).buffer).getUint32(0);
  strictEqual(length, first.length - 4);
  deepStrictEqual(
    JSON.parse(new TextDecoder().decode(Uint8Array.from(first.slice(4)))),
    ERRAND,
  );
  child.write(Uint8Array.of(1, 2, 3));
  child.kill(15);
  deepStrictEqual(command.take(), [0, 0, 0, 3, 1, 2, 3, 0x80, 0, 0, 15]);
  child.write(new Uint8Array(70_000));
  deepStrictEqual(command.take().slice(0, 4), [0, 1, 17, 112]);
});

test("a process there is told by its supervisor, and by nothing else", async () => {
  const { command, child, end, seen } = link();
  let begun = 0;
  child.onBegun = () => begun++;
  strictEqual(end.who, "Process-1 (pid 77 on worker1)");
  command.send([Kind.Hosted, 300, 0, ""]);
  deepStrictEqual([begun, end.pid], [1, 300]);
  command.send([Kind.Ready, 5]);
  command.send([Kind.Hosted, 0, 7, ""]);
  strictEqual(command.isClosed, true);
  command.end(0);
  await turns();
  deepStrictEqual([seen.messages, seen.ends, seen.text], [[[Kind.Ready, 5]], [7], ""]);
});

test("where the connection is lost, the process counts as killed", async () => {
  const { command, end, seen } = link();
  command.send([Kind.Hosted, 300, 0, ""]);
  command.end(255);
  await turns();
  deepStrictEqual(seen.ends, [-9]);
  strictEqual(
    seen.text,
    "the connection to worker1 was lost: ssh ended with exit code 255\n",
  );
  ok(end.stderrTail.includes("was lost"));
});

test("a process that cannot be started there fails with what is known", async () => {
  for (const why of ["", "no such program"]) {
    const { command, child, end, seen } = link();
    const errors: string[] = [];
    child.onFailed = (error) => void errors.push(`${error.name}: ${error.message}`);
    command.complain(new TextEncoder().encode("oh no\n"));
    if (why !== "") command.send([Kind.Hosted, 0, 1, why]);
    command.end(255);
    await turns();
    strictEqual(child.isRunning, false);
    child.endUnbegun(end, seen.ends[0]!);
    const reason = why || "ssh ended with exit code 255";
    deepStrictEqual(errors, [
      `OSError: cannot start Process-1 on worker1: ${reason}; it wrote last:\noh no`,
    ]);
  }
});

test("a process cannot begin or end twice, and one of this machine not at all", async () => {
  const { command, seen } = link();
  command.send([Kind.Hosted, 300, 0, ""]);
  command.send([Kind.Hosted, 301, 0, ""]);
  deepStrictEqual(command.take(), [0x80, 0, 0, 9]); // it is killed there
  command.send([Kind.Hosted, 0, -9, ""]);
  command.end(0);
  await turns();
  strictEqual(seen.ends.length, 1);
  const local = new FakeCommand();
  const ends: number[] = [];
  new RootEnd(local, MARK, "Process-2", "deno", undefined, {
    ...{ onMessage() {}, onChunk() {}, onText: () => undefined },
    onEnd: (code) => void ends.push(code),
  });
  local.send([Kind.Hosted, 300, 0, ""]);
  deepStrictEqual(local.signals, [9]);
  local.end(-9);
  await turns();
  deepStrictEqual(ends, [-9]);
});

test("a host that does not answer SIGKILL is lost, and a command that stays is killed", () => {
  const held = holdTimers();
  const ring = (milliseconds: number) =>
    held.timers.find((timer) => timer.milliseconds === milliseconds)!.ring();
  try {
    const early = link();
    early.child.kill(15);
    deepStrictEqual(early.command.signals, []);
    early.child.kill(9);
    deepStrictEqual(early.command.signals, [9]); // nothing has begun there
    const told: string[] = [];
    early.child.onBegun = () => void told.push("begun");
    early.child.onFailed = () => void told.push("failed");
    early.child.endUnbegun(early.end, -9);
    deepStrictEqual(told, ["begun"]); // that is no failure
    const { command, child } = link();
    command.send([Kind.Hosted, 300, 0, ""]);
    child.kill(9);
    deepStrictEqual(command.signals, []);
    ring(5000);
    deepStrictEqual(command.signals, [9]);
    const other = link();
    other.command.send([Kind.Hosted, 300, 0, ""]);
    other.command.send([Kind.Hosted, 0, 0, ""]);
    ring(2000);
    deepStrictEqual(other.command.signals, [9]);
  } finally {
    held.restore();
  }
});

test("no timer stays where the end is read after the command has ended", async () => {
  const held = holdTimers();
  try {
    const { command } = link();
    command.send([Kind.Hosted, 300, 0, ""]);
    command.exit(0);
    await turns();
    const before = held.timers.length;
    command.send([Kind.Hosted, 0, 0, ""]);
    strictEqual(held.timers.length, before);
    command.end(0);
    await turns();
    deepStrictEqual(command.signals, []);
  } finally {
    held.restore();
  }
});

test("it is offered no file of this machine", () => {
  const { command, end } = link();
  end.become("Process-1", undefined, {
    onMessage() {},
    onChunk() {},
    onText: () => undefined,
    onEnd() {},
  }, "");
  end.offerClaims();
  end.send([Kind.Items, 1, [new Uint8Array(200_000)]]);
  end.flush();
  const text = new TextDecoder("latin1").decode(Uint8Array.from(command.take()));
  strictEqual(/\/dev|\/tmp|pymp-/.test(text), false);
  strictEqual(end.claims, undefined);
});
