/** The supervisor as the process that it is: what it is sent, what it tells, how it ends. */
import { deepStrictEqual, match, ok, strictEqual } from "node:assert/strict";
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import process from "node:process";
import { type Errand, IS_SIGNAL, supervisorText } from "../../src/runtime/supervise.ts";
import { ChildStreamDecoder } from "../../src/wire/child_stream.ts";
import { Kind, type Message } from "../../src/wire/message.ts";
import { endOf } from "../cpython/helpers/checks.ts";
import { runtimeName, test } from "../suite.ts";

const MARK = 0x89abcdef;

/** A program that tells what it reads, and ends at the end of that. */
const ECHO = 'while read -r line; do echo "got $line"; done; exit 7';

class Supervisor {
  readonly process: ChildProcessWithoutNullStreams;
  readonly messages: Message[] = [];
  text = "";
  readonly ended: Promise<number | null>;
  #watchers: (() => void)[] = [];

  constructor(errand: Partial<Errand>) {
    this.process = spawn(process.execPath, [
      runtimeName === "deno" ? "eval" : "-e",
      supervisorText(),
    ]);
    const decoder = new ChildStreamDecoder(MARK, {
      onMessage: (message) => void this.messages.push(message),
      onText: (bytes) => void (this.text += new TextDecoder().decode(bytes)),
    });
    this.process.stdout.on("data", (chunk: Uint8Array) => {
      decoder.push(chunk);
      for (const look of this.#watchers) look();
    });
    this.process.stdin.on("error", () => {});
    this.ended = new Promise((resolve) => this.process.on("close", resolve));
    const first: Errand = {
      ...{ mark: MARK, kind: Kind.Hosted, cwd: null, needsCwd: false, env: {} },
      ...{ words: ["sh", "-c", ECHO], link: 0 },
      ...errand,
    };
    this.send(JSON.stringify(first));
  }

  send(text: string): void {
    const bytes = new TextEncoder().encode(text);
    const head = new Uint8Array(4);
    new DataView(head.buffer).setUint32(0, bytes.length);
    this.process.stdin.write(head);
    // In pieces, as it may arrive.
    for (let at = 0; at < bytes.length; at += 100) {
      this.process.stdin.write(bytes.subarray(at, at + 100));
    }
  }

  signal(signal: number): void {
    this.process.stdin.write(new Uint8Array([IS_SIGNAL, 0, 0, signal]));
  }

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => holds() && resolve();
      this.#watchers.push(look);
      look();
    });
  }

  /** The pid that it has told. */
  async pid(): Promise<number> {
    await this.until(() => this.messages.length > 0);
    return this.messages[0]![1] as number;
  }
}

test("it starts a process, hands on what that reads, and tells its end", async () => {
  const it = new Supervisor({
    words: ["sh", "-c", `echo "$GIVEN in $PWD"; ${ECHO}`],
    env: { GIVEN: "ä" },
    cwd: "/",
  });
  const pid = await it.pid();
  ok(pid > 0 && pid !== it.process.pid);
  it.send("one\n");
  await it.until(() => it.text.includes("got one\n"));
  it.send("two\nthree\n");
  await it.until(() => it.text.includes("got three\n"));
  it.signal(15);
  strictEqual(await it.ended, 0);
  deepStrictEqual(it.messages, [[Kind.Hosted, pid, 0, ""], [Kind.Hosted, 0, -15, ""]]);
  strictEqual(it.text, "ä in /\ngot one\ngot two\ngot three\n");
});

test("an exit code, of a process that reads by descriptor 3", async () => {
  const it = new Supervisor({ words: ["sh", "-c", `read x <&3; exit "$x"`], link: 3 });
  it.send("42\n");
  strictEqual(await it.ended, 0);
  deepStrictEqual(it.messages[1], [Kind.Hosted, 0, 42, ""]);
}, { skip: runtimeName === "deno" && "there it reads by its stdin" });

test("at the end of its stdin it kills the process: computing, or stopped", async () => {
  for (const stopped of [false, true]) {
    const it = new Supervisor({ words: ["sh", "-c", "while :; do :; done"] });
    const pid = await it.pid();
    if (stopped) {
      process.kill(pid, "SIGSTOP");
      it.send("x".repeat(300_000)); // more than the pipe takes
    }
    it.process.stdin.end();
    strictEqual(await it.ended, 0);
    deepStrictEqual(it.messages[1], [Kind.Hosted, 0, -9, ""]);
    await endOf(pid);
  }
});

test("it kills the process as well where it is told to end, or nobody reads", async () => {
  const it = new Supervisor({ words: ["sh", "-c", "while :; do :; done"] });
  const pid = await it.pid();
  it.process.stdout.destroy();
  process.kill(it.process.pid!, "SIGTERM");
  await endOf(pid);
  await it.ended;
});

test("what cannot be started is told", async () => {
  const program = new Supervisor({ words: ["/no/such/program"] });
  await program.ended;
  const [, pid, code, why] = program.messages[0] as [number, number, number, string];
  deepStrictEqual([pid, code], [0, 1]);
  match(why, /ENOENT|No such file|not found/);
  const folder = new Supervisor({ cwd: "/no/such", needsCwd: true });
  await folder.ended;
  deepStrictEqual(folder.messages, [
    [Kind.Hosted, 0, 1, "there is no folder /no/such"],
  ]);
  const other = new Supervisor({ cwd: "/no/such" });
  ok(await other.pid() > 0);
  other.process.stdin.end();
  await other.ended;
});

test("its text has only letters that no shell minds, but for the quotes", () => {
  match(supervisorText(), /^eval\(atob\("[A-Za-z0-9+/=]+"\)\)$/);
});
