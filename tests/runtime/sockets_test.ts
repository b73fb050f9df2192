/** Tests of src/runtime/sockets.ts. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { connectSocket, listenSocket, type Socket } from "../../src/runtime/sockets.ts";
import { makeTempDir, removeDir } from "../../src/runtime/temp.ts";
import { python, pythonTest } from "../helpers/python.ts";
import { startPython } from "../interop/python_server.ts";
import { LEAKING, SOCKETS } from "../helpers/groups.ts";

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

SOCKETS.test("bytes go to and fro over a path, and over a port", async () => {
  const folder = makeTempDir("pystd-test-");
  deepStrictEqual(await echo(`${folder}/socket`), [1, 2, 3]);
  deepStrictEqual(await echo(["127.0.0.1", 0]), [1, 2, 3]);
  await rejects(connectSocket(`${folder}/none`), { code: "ENOENT" });
  removeDir(folder);
  removeDir(folder); // it is gone
});

SOCKETS.test("nobody listens at a port", async () => {
  await rejects(connectSocket(["127.0.0.1", 1]), { code: "ECONNREFUSED" });
});

/** Listens with room for two, and does not accept before it is told to. */
const BUSY = `
import socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen(1)
print("listens", flush=True)
sys.stdin.readline()
kept = [server.accept() for _ in range(10)]
print("accepted", flush=True)
sys.stdin.readline()
`;

pythonTest("who finds a path's queue full waits until there is room", async () => {
  const folder = makeTempDir("pystd-test-");
  const path = `${folder}/socket`;
  const server = startPython(BUSY, python!, [path]);
  try {
    strictEqual(await server.line(), "listens");
    const connecting = Array.from({ length: 10 }, () => connectSocket(path));
    await Promise.race(connecting); // some are in, the others wait
    server.tell("go");
    const clients = await Promise.all(connecting);
    strictEqual(await server.line(), "accepted");
    for (const client of clients) client.destroy();
  } finally {
    server.kill();
    await server.ended;
  }
  await rejects(connectSocket(path), { code: "ECONNREFUSED" }); // it is there, and dead
  removeDir(folder);
}, LEAKING);
