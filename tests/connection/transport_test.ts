/**
 * A `Connection` over a transport of one's own: what it asks of one, and what it does by
 * itself.
 *
 * @module
 */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import "../../mod.ts"; // a wait keeps a process alive, so it must have one
import { WaitList } from "../../src/collections/wait_list.ts";
import { Connection } from "../../src/connection/connection.ts";
import {
  type Encode,
  type Taker,
  Takers,
  type Transport,
  WAITABLE,
  waitForRoom,
} from "../../src/connection/transport.ts";
import { wait } from "../../src/connection/wait.ts";
import { EOFError } from "../../src/python/errors.ts";
import type { Waiter } from "../../src/link/waiting.ts";
import { currentPeer } from "../../src/link/peer.ts";
import type { Payload } from "../../src/wire/message.ts";
import { test } from "../suite.ts";

/** Gives back what is sent, as text in capitals. */
class Loop implements Transport {
  readonly messages: Payload[] = [];
  users = 0;
  isReady = false;
  readonly isCertain = true;
  readonly codec = {
    encode: (value: unknown) => new TextEncoder().encode(String(value).toUpperCase()),
    decode: (message: Payload) => new TextDecoder().decode(message),
  };

  ask(): Promise<boolean> {
    return Promise.resolve(this.isReady);
  }

  watch(callback: () => void): () => void {
    if (this.isReady) callback();
    return () => {};
  }

  send(encode: Encode): Promise<void> {
    this.messages.push(encode(false) as Payload);
    this.isReady = true;
    return Promise.resolve();
  }

  takeNow(taker: Taker): Payload | undefined {
    const message = this.messages[0];
    if (message === undefined) return undefined;
    if (message.length > taker.maxlength) throw taker.refuse();
    return this.messages.shift();
  }

  take(): Promise<Payload> {
    return Promise.reject(new EOFError());
  }

  open(): void {
    this.users++;
  }

  close(): void {
    this.users--;
  }

  reduce(): [string, Record<string, unknown>] {
    return ["Loop", {}];
  }
}

test("a connection uses its transport, and its way to make messages", async () => {
  const loop = new Loop(), connection = new Connection(loop);
  strictEqual(loop.users, 1);
  await connection.send("word");
  deepStrictEqual(loop.messages, [new TextEncoder().encode("WORD")]);
  strictEqual(await connection.recv(), "WORD");
  await rejects(connection.recv(), { name: "EOFError" });
  connection.close();
  connection.close();
  strictEqual(loop.users, 0);
});

test("iterating decodes as recv does", async () => {
  const connection = new Connection(new Loop());
  for (const word of ["one", "two"]) await connection.send(word);
  const seen: unknown[] = [];
  for await (const word of connection) seen.push(word);
  deepStrictEqual(seen, ["ONE", "TWO"]);
  connection.close();
});

test("the limit of recv_bytes is the transport's to keep, its error the connection's", async () => {
  const connection = new Connection(new Loop());
  await connection.send("too long");
  await rejects(connection.recv_bytes(3), { message: "bad message length" });
  strictEqual(connection.readable, false);
  connection.close();
});

test("wait asks a connection's transport, by a method that has no name", async () => {
  const loop = new Loop(), connection = new Connection(loop);
  strictEqual(typeof connection[WAITABLE], "function");
  deepStrictEqual(await wait([connection], 0), []);
  await connection.send("word");
  deepStrictEqual(await wait([connection]), [connection]);
  strictEqual(loop.messages.length, 1);
  connection.close();
  await rejects(wait([connection]), { name: "OSError", message: "handle is closed" });
});

test("Takers: those who take no message so long are refused, the next one gets it", () => {
  const takers = new Takers();
  const told: string[] = [];
  const enter = (name: string, owner: object, maxlength: number) =>
    takers.enter({
      taker: { owner, signal: undefined, maxlength, refuse: () => new Error("long") },
      waiter: {
        resolve: () => void told.push(`${name} has it`),
        reject: (error) => void told.push(`${name}: ${(error as Error).message}`),
      },
    });
  const [a, b] = [{}, {}];
  enter("first", a, 1);
  enter("second", a, 9);
  enter("third", b, 9);
  enter("fourth", a, 9);
  const place = takers.next(5)!;
  deepStrictEqual(told.splice(0), ["first: long"]);
  takers.putBack(place);
  strictEqual(takers.next(5), place);
  strictEqual(takers.close(a), 1);
  deepStrictEqual(told.splice(0), ["fourth: handle is closed"]);
  takers.end(() => new Error("over"));
  deepStrictEqual(told, ["third: over"]);
  strictEqual(takers.next(5), undefined);
});

test("waitForRoom: a signal ends it as if there were room, nothing else does", async () => {
  const list = new WaitList<Waiter<void>>();
  const controller = new AbortController();
  const user = { owner: {}, signal: controller.signal };
  const waiting = waitForRoom(currentPeer(), list, user);
  controller.abort(new Error("enough"));
  await waiting;
  strictEqual(list.length, 0);
  const broken = waitForRoom(currentPeer(), list, { owner: {}, signal: undefined });
  list.shift()!.reject(new EOFError());
  await rejects(broken, EOFError);
  const roomy = waitForRoom(currentPeer(), list, { owner: {}, signal: undefined });
  list.shift()!.resolve();
  await roomy;
});
