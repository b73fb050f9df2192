/** How objects travel over sockets: as CBOR, or as pickles where the other side does. */

import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { type Connection, Pipe } from "../../src/connection.ts";
import { dumps as dumpPickle } from "../../src/pickle/writer.ts";
import { loads as loadPickle } from "../../src/pickle/reader.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { socketPair } from "../helpers/socket_pairs.ts";

function close(...connections: Connection[]): void {
  for (const connection of connections) connection.close();
}

SOCKETS.test("objects travel as CBOR until a pickle comes, then as pickles", async () => {
  const [server, client] = await socketPair();
  await server.send({ a: [1] });
  ok((await client.recv_bytes())[0] !== 0x80);
  await client.send_bytes(dumpPickle(["from Python"]));
  deepStrictEqual(await server.recv(), ["from Python"]);
  await server.send({ a: [1] });
  deepStrictEqual(loadPickle(await client.recv_bytes()), { a: [1] });
  close(server, client);
});

SOCKETS.test("an empty list is no pickle, though its first byte is the same", async () => {
  const [server, client] = await socketPair();
  await client.send([]);
  deepStrictEqual(await server.recv(), []);
  await server.send([]);
  strictEqual((await client.recv_bytes()).length, 1); // still CBOR
  close(server, client);
});

SOCKETS.test("a codec that was asked for is kept", async () => {
  const [server, client] = await socketPair({ codec: "cbor" });
  await client.send_bytes(dumpPickle([1]));
  await rejects(server.recv(), Error);
  await client.send([2]);
  deepStrictEqual(await server.recv(), [2]);
  close(server, client);
});

SOCKETS.test("who does not read makes the other side wait, and nothing is lost", async () => {
  const [server, client] = await socketPair();
  const block = new Uint8Array(1 << 18);
  let sent = 0;
  const sending = (async () => {
    for (let i = 0; i < 64; i++) {
      block[0] = i;
      await client.send_bytes(block);
      sent++;
    }
  })();
  ok(await server.poll(10));
  for (let turn = 0; turn < 100; turn++) await server.poll(0);
  ok(sent < 64, String(sent));
  for (let i = 0; i < 64; i++) {
    const bytes = await server.recv_bytes();
    deepStrictEqual([bytes[0], bytes.length], [i, block.length]);
  }
  await sending;
  close(server, client);
});

SOCKETS.test("a wait ends by its signal, and a connection that is closed says so", async () => {
  const [server, client] = await socketPair();
  const controller = new AbortController();
  const waiting = server.recv({ signal: controller.signal });
  controller.abort(new Error("enough"));
  await rejects(waiting, { message: "enough" });
  await client.send("kept");
  strictEqual(await server.recv(), "kept");
  const reading = server.recv();
  server.close();
  await rejects(reading, { name: "OSError", message: "handle is closed" });
  await rejects(client.recv(), { name: "EOFError" });
  await rejects(client.send(1), { name: "BrokenPipeError" });
  close(client);
});

SOCKETS.test(
  "a connection that is sent arrives with the codec that was found out",
  async () => {
    const [server, client] = await socketPair();
    await client.send_bytes(dumpPickle(["from Python"]));
    await server.recv();
    const [one, other] = Pipe();
    await one.send(server);
    const arrived: Connection = await other.recv();
    await arrived.send({ a: [1] });
    deepStrictEqual(loadPickle(await client.recv_bytes()), { a: [1] });
    close(server, client, one, other, arrived);
  },
);
