/** Tests of src/runtime/switches.ts: what the environment says, and who follows it. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { offerClaims } from "../../src/link/claim_files.ts";
import { FastPath, type FrameSink } from "../../src/link/fast_path.ts";
import { pack } from "../../src/pool/protocol.ts";
import { cacheVariable } from "../../src/runtime/speed/compile_cache.ts";
import { offerSocket } from "../../src/runtime/speed/deno_socket.ts";
import { takePipe } from "../../src/runtime/speed/fifo.ts";
import { needsDoorbell, startSpin } from "../../src/runtime/speed/spin.ts";
import {
  assumeSwitches,
  type Mechanism,
  MECHANISMS,
  readSwitches,
  switchedOff,
} from "../../src/runtime/switches.ts";
import { fillRoom, reuseBuffer } from "../../src/wire/bytes.ts";
import { runProgram } from "../helpers/run.ts";
import { SHARED_FILES } from "../helpers/groups.ts";
import { runtimeName, test } from "../suite.ts";

const ALL: Mechanism[] = [...MECHANISMS];

/** The names that are off by these values of the two variables. */
function off(plain?: string, without?: string): string[] {
  const switches = readSwitches(plain, without);
  deepStrictEqual(Object.keys(switches), ALL);
  return ALL.filter((name) => !switches[name]);
}

test("readSwitches(): all are on, all off, or the named ones off", () => {
  for (const plain of [undefined, "", "0"]) deepStrictEqual(off(plain), []);
  deepStrictEqual(off("1"), ALL);
  deepStrictEqual(off("1", "spin"), ALL);
  deepStrictEqual(off(undefined, "fifo"), ["fifo"]);
  deepStrictEqual(off(undefined, "spin, channel,"), ["channel", "spin"]);
  deepStrictEqual(off(undefined, "nothing,of,that"), []);
});

test("assumeSwitches(): a child has off what its root has, and nothing else", () => {
  const before = switchedOff();
  assumeSwitches(["spin", "unknown"]);
  deepStrictEqual(switchedOff(), ["spin"]);
  assumeSwitches(["fifo"]);
  deepStrictEqual(switchedOff(), ["fifo"]);
  assumeSwitches(before);
});

/** Does something with these mechanisms off. */
function withoutThem(off: Mechanism[], fn: () => void): void {
  const before = switchedOff();
  assumeSwitches(off);
  try {
    fn();
  } finally {
    assumeSwitches(before);
  }
}

test("what is off is as impossible", () =>
  withoutThem(ALL, () => {
    const frames: FrameSink = { channel: undefined };
    strictEqual(new FastPath(frames).offer(undefined), undefined);
    strictEqual(offerClaims(), undefined);
    strictEqual(startSpin(() => 0), undefined);
    strictEqual(pack([1, 2]), undefined);
    const gone = new Uint8Array(100_000).fill(1);
    reuseBuffer(fillRoom(gone.length, (bytes) => bytes.set(gone)));
    ok(fillRoom(gone.length, () => {}).every((byte) => byte === 0));
    if (runtimeName === "deno") strictEqual(offerSocket(), undefined);
    else {
      strictEqual(takePipe(), undefined);
      deepStrictEqual(cacheVariable({}), {});
    }
  }));

SHARED_FILES.test(
  "a doorbell rings in the channel's file also where long messages go by the stream",
  () => {
    withoutThem(["channel"], () => {
      const frames: FrameSink = { channel: undefined };
      const path = new FastPath(frames);
      strictEqual(path.offer(undefined), undefined);
      for (let i = 0; i < 60; i++) {
        path.heard();
        path.writing();
        path.written();
      }
      const offer = path.offer(undefined);
      strictEqual(offer !== undefined, needsDoorbell);
      if (offer !== undefined) path.opened(true);
      strictEqual(frames.channel, undefined);
      path.end();
    });
  },
);

/** What a root, a child and a grandchild with environments of their own have off. */
async function inAll(env: Record<string, string | undefined>): Promise<string[]> {
  const { stdout, stderr } = await runProgram("tests/children/switches.ts", {
    env: {
      MULTIPROCESSING_PLAIN: undefined,
      MULTIPROCESSING_WITHOUT: undefined,
      ...env,
    },
  });
  strictEqual(stderr, "");
  return stdout.trim().split("\n");
}

test("children follow their root, whatever environment they have", async () => {
  deepStrictEqual(await inAll({}), ["root:", "child:", "grandchild:"]);
  deepStrictEqual(await inAll({ MULTIPROCESSING_WITHOUT: "fifo,socket" }), [
    "root: socket fifo",
    "child: socket fifo",
    "grandchild: socket fifo",
  ]);
  const plain = ALL.join(" ");
  deepStrictEqual(await inAll({ MULTIPROCESSING_PLAIN: "1" }), [
    `root: ${plain}`,
    `child: ${plain}`,
    `grandchild: ${plain}`,
  ]);
});

test(
  "a program that may not read the environment has all on, and is not asked",
  async () => {
    const { stdout, stderr, code } = await runProgram("tests/children/switches.ts", {
      args: ["alone"],
      flags: ["--allow-read", "--no-prompt"],
      env: { MULTIPROCESSING_PLAIN: "1" },
    });
    deepStrictEqual([stdout, stderr, code], ["root:\n", "", 0]);
  },
  { skip: runtimeName !== "deno" && "only Deno keeps the environment from programs" },
);

test("with everything off, and without a mkfifo, all goes on", async () => {
  for (const env of [{ MULTIPROCESSING_PLAIN: "1" }, { PATH: "/nowhere" }]) {
    const { stdout, stderr } = await runProgram("tests/children/long_messages.ts", {
      env,
    });
    strictEqual(stdout.startsWith("3 came back"), true, stdout + stderr);
  }
});
