/**
 * The sockets of the runtime that runs the test.
 *
 * @module
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { existsSync, mkdirSync } from "node:fs";
import { connectSocket, listenSocket, type Socket } from "../../src/runtime/sockets.ts";
import { makeTempDir, removeDir, removeEmptyDir } from "../../src/runtime/temp.ts";
import { test } from "../suite.ts";

const LEAKS = "sockets are closed in their own time";

async function echo(address: string | [string, number]): Promise<number[]> {
  const server = await listenSocket(address, 5, (socket) => {
    socket.start({
      onData: (chunk) => socket.write(chunk.slice()),
      onClose() {},
      onDrain() {},
    });
  });
  const socket: Socket = await connectSocket(server.address);
  socket.setHeld(true);
  const bytes: number[] = [];
  const closed = new Promise<void>((resolve) =>
    socket.start({
      onData(chunk) {
        bytes.push(...chunk);
        socket.end();
      },
      onClose: () => resolve(),
      onDrain() {},
    })
  );
  socket.write(Uint8Array.of(1, 2, 3));
  await closed;
  await rejects(listenSocket(server.address, 5, () => {}), { code: "EADDRINUSE" });
  server.close();
  return bytes;
}

test("bytes go to and fro over a path, and over a port", async () => {
  const folder = makeTempDir("pystd-test-");
  deepStrictEqual(await echo(`${folder}/socket`), [1, 2, 3]);
  deepStrictEqual(await echo(["127.0.0.1", 0]), [1, 2, 3]);
  await rejects(connectSocket(`${folder}/none`), { code: "ENOENT" });
  removeDir(folder);
  removeDir(folder); // it is gone
}, { leaks: LEAKS });

test("nobody listens at a port", async () => {
  await rejects(connectSocket(["127.0.0.1", 1]), { code: "ECONNREFUSED" });
}, { leaks: LEAKS });

test("who finds a path's queue full waits until there is room", async () => {
  const folder = makeTempDir("pystd-test-");
  let accepted = 0;
  const server = await listenSocket(`${folder}/socket`, 1, (socket) => {
    accepted++;
    socket.end();
  });
  const clients = await Promise.all(
    Array.from({ length: 60 }, () => connectSocket(server.address)),
  );
  for (const client of clients) client.destroy();
  strictEqual(accepted, 60);
  server.close();
  removeDir(folder);
}, { leaks: LEAKS });

test("a directory is removed only if it is empty", () => {
  const folder = makeTempDir("pystd-test-");
  const inner = `${folder}/inner`;
  mkdirSync(inner);
  removeEmptyDir(folder);
  ok(existsSync(inner));
  removeEmptyDir(inner);
  ok(!existsSync(inner));
  removeEmptyDir(folder);
  removeEmptyDir(folder); // it is gone
  ok(!existsSync(folder));
});
