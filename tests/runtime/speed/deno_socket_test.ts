/** Tests of src/runtime/speed/deno_socket.ts, also in a child. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import {
  connectChild,
  type OfferedSocket,
  offerSocket,
  readPreamble,
  removePlace,
  SocketWriter,
} from "../../../src/runtime/speed/deno_socket.ts";
import { alive } from "../../helpers/alive.ts";
import { longBytes } from "../../helpers/long_targets.ts";
import { runProgram } from "../../helpers/run.ts";
import { turnAllOn } from "../../helpers/switches.ts";
import { runtimeName, testsWith } from "../../suite.ts";

turnAllOn();

const DENO = testsWith({ skip: runtimeName !== "deno" && "only Deno needs sockets" });

/** Where an offered socket is, as the child is told. */
function pathOf({ preamble }: OfferedSocket): string {
  return readPreamble(preamble)!.path;
}

/** Both ends of an offered socket. */
async function connected() {
  const offered = offerSocket()!;
  const child = (await connectChild(pathOf(offered)))!;
  const root = await offered.accepted;
  offered.close();
  return { root, child };
}

DENO.test("offerSocket(): the preamble says where it is, and frames may follow", () => {
  const offered = offerSocket()!;
  const bytes = new Uint8Array([...offered.preamble, 0xd8, 0x18]);
  const { path, length } = readPreamble(bytes)!;
  ok(existsSync(path));
  deepStrictEqual([...bytes.subarray(length)], [0xd8, 0x18]);
  strictEqual(readPreamble(bytes.subarray(length)), undefined);
  strictEqual(readPreamble(new Uint8Array()), undefined);
  offered.close();
});

DENO.test("offerSocket(): nothing is left of one that nobody connects to", async () => {
  const offered = offerSocket()!;
  const path = pathOf(offered);
  offered.close();
  offered.close(); // again
  await alive(rejects(offered.accepted));
  ok(!existsSync(dirname(path)));
  strictEqual(await connectChild(path), undefined);
});

DENO.test(
  "connectChild(): takes the socket's name away, as removePlace() does",
  async () => {
    const first = offerSocket()!;
    const child = await connectChild(pathOf(first));
    ok(!existsSync(dirname(pathOf(first))));
    (await first.accepted).close();
    child!.close();
    first.close();
    const second = offerSocket()!;
    removePlace(pathOf(second));
    ok(!existsSync(dirname(pathOf(second))));
    second.close();
  },
);

DENO.test(
  "SocketWriter: all bytes arrive in their order, more than a socket holds",
  async () => {
    const { root, child } = await connected();
    const writer = new SocketWriter(root);
    const parts = [10, 1_000_000, 5, 300_000, 1].map((length, n) =>
      longBytes(length, n)
    );
    const whole = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
    const written = Promise.all(parts.map((part) => writer.write(part)));
    const read = new Uint8Array(whole.length);
    for (let at = 0; at < read.length;) at += (await child.read(read.subarray(at)))!;
    await written;
    ok(read.every((byte, i) => byte === whole[i]));
    await writer.write(parts[0]!); // it goes on when it was idle
    strictEqual(await child.read(read), 10);
    writer.close();
    strictEqual(await child.read(read), null);
    child.close();
  },
);

DENO.test("SocketWriter: what nobody can read any more is no error", async () => {
  const { root, child } = await connected();
  const writer = new SocketWriter(root);
  child.close();
  await writer.write(longBytes(1_000_000));
  await writer.write(longBytes(10));
  writer.close();
  writer.close(); // again
});

DENO.test(
  "a child whose root is gone before it said anything removes the socket's place",
  async () => {
    const offered = offerSocket()!;
    offered.accepted.catch(() => {});
    const { stdout, stderr, code } = await runProgram("tests/children/read_stdin.ts", {
      stdin: offered.preamble,
    });
    const isThere = existsSync(dirname(pathOf(offered)));
    offered.close();
    deepStrictEqual([stdout, stderr, code, isThere], ["0\n", "", 0, false]);
  },
);
