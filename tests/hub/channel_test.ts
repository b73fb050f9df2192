/**
 * One direction of a pipe, message by message. What holds whatever happens is in
 * pipe_test.ts.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import {
  BUFFER_SIZE,
  CREDIT_STEP,
  MESSAGE_HEADER,
  PipeChannel,
} from "../../src/hub/channel.ts";
import { ClaimLog } from "../../src/hub/claims.ts";
import type { Cargo } from "../../src/hub/object.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { memoryFiles } from "./claim_memory.ts";
import { item } from "./support.ts";

const [READ, WRITE] = [10, 11];

/** A writer, process 1, and readers 2 and 3. */
class Scene {
  get mayPrefetch(): boolean | undefined {
    return undefined;
  }

  readonly #sent: [process: number, message: ToPeer][] = [];
  /** How many processes hold the reading end. */
  holders = 1;
  /** Messages whose bytes may be used for something else. */
  readonly reused: number[] = [];
  readonly channel: PipeChannel = new PipeChannel(READ, WRITE, {
    reuse: (_: number, [value]: Uint8Array) => void this.reused.push(value!),
    send: (process: number, message: ToPeer) =>
      void this.#sent.push([process, message]),
    time: () => 0,
    holders: () => this.holders,
    claims: () => this.claims,
    offerClaims: (process: number) => void this.offered.push(process),
    mayPrefetch: this.mayPrefetch,
  } as never);
  /** Where readers claim. */
  claims: ClaimLog | undefined;
  readonly offered: number[] = [];

  /** What was sent since the last look: to whom, what, and what it says. */
  take(): unknown[] {
    const names = new Map(
      Object.entries(Kind).map(([name, kind]) => [kind as number, name]),
    );
    return this.#sent.splice(0)
      .map(([process, [kind, , ...rest]]) => [process, names.get(kind), ...rest]);
  }

  send(...values: number[]): void {
    for (const value of values) this.channel.send(1, 0, item(value));
  }
}

test("PipeChannel: who asks first is fed: it gets all, now and later", () => {
  const scene = new Scene(), { channel } = scene;
  scene.send(1, 2);
  deepStrictEqual([scene.take(), channel.isReadable], [[], true]);
  channel.want(2, 1);
  deepStrictEqual(scene.take(), [[2, "Feed", true], [2, "Items", [item(1), item(2)]]]);
  scene.send(3);
  deepStrictEqual(scene.take(), [[2, "Items", [item(3)]]]);
});

test("PipeChannel: nobody is fed where nothing is to be sent ahead", () => {
  class PlainScene extends Scene {
    override get mayPrefetch(): boolean {
      return false;
    }
  }
  const scene = new PlainScene(), { channel } = scene;
  scene.send(1, 2);
  for (const [reader, value] of [[2, 1], [0, 2]] as const) {
    channel.want(reader, 1);
    deepStrictEqual(scene.take(), [[reader, "Items", [item(value)]]]);
    channel.take(reader);
  }
  channel.writersGone(false);
  channel.want(2, 1);
  deepStrictEqual([scene.take(), scene.offered], [[[2, "End", false]], []]);
});

test("PipeChannel: who is not alone with the end is fed once it claims what it takes", () => {
  const scene = new Scene(), { channel } = scene;
  scene.holders = 2;
  channel.want(2, 1);
  deepStrictEqual([scene.take(), scene.offered], [[], [2]]);
  scene.send(1, 2, 3);
  deepStrictEqual(scene.take(), [[2, "Items", [item(1)]]]);
  const [files, holderFiles] = memoryFiles();
  scene.claims = new ClaimLog(files, "sender");
  const holder = new ClaimLog(holderFiles, "holder");
  channel.take(2);
  channel.want(2, 1);
  deepStrictEqual(scene.take(), [[2, "Feed", false], [2, "Items", [item(2), item(3)]]]);
  holder.advance(READ, 2);
  channel.want(3, 1);
  deepStrictEqual(scene.take(), [[2, "Revoke"], [3, "Items", [item(3)]]]);
  strictEqual(holder.advance(READ, 3), 3); // whatever it did meanwhile
});

test("PipeChannel: who is fed alone gives all back before another has the end", () => {
  const scene = new Scene(), { channel } = scene;
  channel.want(2, 1);
  scene.send(1, 2);
  channel.take(2);
  scene.take();
  channel.giveBack(2);
  deepStrictEqual(scene.take(), [[2, "Revoke"]]); // what came before that is void
  channel.want(2, 1); // it is not known yet that another has the end
  deepStrictEqual(scene.take(), [[2, "Items", [item(2)]]]);
});

test("PipeChannel: the root's own process is fed, as it gives back at once", () => {
  const scene = new Scene(), { channel } = scene;
  scene.holders = 2;
  channel.want(0, 1);
  deepStrictEqual([scene.take(), scene.offered], [[[0, "Feed", false]], []]);
});

test("PipeChannel: when a second process asks, what was not taken comes back", () => {
  const scene = new Scene(), { channel } = scene;
  scene.send(1, 2, 3);
  channel.want(2, 1);
  channel.take(2);
  scene.take();
  channel.want(3, 1);
  deepStrictEqual(scene.take(), [[2, "Revoke"]]);
  channel.giveBack(2);
  deepStrictEqual(scene.take(), [[3, "Items", [item(2)]]]);
  channel.want(2, 1);
  deepStrictEqual(scene.take(), [[2, "Items", [item(3)]]]);
  scene.send(4); // nobody asks now
  deepStrictEqual(scene.take(), []);
});

test("PipeChannel: messages of a dead reader go to the next one, before later ones", () => {
  const scene = new Scene(), { channel } = scene;
  channel.want(2, 1);
  scene.send(1, 2);
  channel.take(2);
  channel.readerLeft(2);
  scene.send(3);
  scene.take();
  channel.want(3, 1);
  deepStrictEqual(scene.take(), [[3, "Feed", true], [3, "Items", [item(2), item(3)]]]);
});

test("PipeChannel: a wish that is withdrawn too late has its message called back", () => {
  const scene = new Scene(), { channel } = scene;
  channel.watch(2);
  channel.watch(3); // so nobody is fed
  channel.giveBack(2);
  channel.want(2, 1);
  scene.take();
  scene.send(1);
  deepStrictEqual(scene.take(), [[2, "Items", [item(1)]]]);
  channel.unwant(2);
  deepStrictEqual(scene.take(), [[2, "Revoke"]]);
  channel.want(2, 1); // said before it knew: void
  channel.giveBack(2);
  deepStrictEqual(scene.take(), [[3, "Readable"]]);
  strictEqual(channel.isReadable, true);
});

test("PipeChannel: bytes are used again once taken, but not of what was sent to two", () => {
  const scene = new Scene(), { channel, reused } = scene;
  scene.send(1, 2, 3);
  channel.want(2, 1);
  deepStrictEqual(reused, []);
  channel.take(2);
  deepStrictEqual(reused, [1]);
  channel.want(3, 1);
  channel.giveBack(2); // it may not even have come there
  channel.take(3);
  scene.send(4);
  channel.want(3, 2);
  channel.take(3);
  channel.take(3);
  deepStrictEqual(reused, [1, 4]);
});

test("PipeChannel: the end is told behind the last message", () => {
  const scene = new Scene(), { channel } = scene;
  channel.want(2, 1);
  channel.want(3, 1);
  channel.giveBack(2);
  channel.want(2, 1);
  scene.send(1);
  scene.take();
  channel.writersGone(false);
  deepStrictEqual(scene.take(), []); // 3 has it and may still die
  channel.take(3);
  deepStrictEqual(scene.take(), [[2, "End", false]]);
  channel.want(3, 1);
  deepStrictEqual(scene.take(), [[3, "End", false]]);
});

test("PipeChannel: who is fed is told of the end at once, which is no message to it", () => {
  const scene = new Scene(), { channel } = scene;
  channel.want(2, 1);
  scene.send(1);
  scene.take();
  channel.writersGone(false);
  deepStrictEqual(scene.take(), [[2, "End", false]]);
});

test("PipeChannel: a writer is told from time to time what was taken, while it is there", () => {
  const scene = new Scene(), { channel } = scene;
  const size = CREDIT_STEP / 2;
  channel.want(2, 1);
  for (let i = 0; i < 4; i++) channel.send(1, 0, new Uint8Array(size));
  scene.take();
  channel.take(2);
  deepStrictEqual(scene.take(), []);
  channel.takeUpTo(2, 2);
  deepStrictEqual(scene.take(), [[1, "Credit", 2 * (size + MESSAGE_HEADER)]]);
  channel.writerLeft(1);
  channel.takeUpTo(2, 99);
  deepStrictEqual(scene.take(), []);
  strictEqual(CREDIT_STEP < BUFFER_SIZE, true);
});

test("PipeChannel: without readers nothing is sent, and whoever writes is told", () => {
  const scene = new Scene(), { channel } = scene;
  const discarded: string[] = [];
  const cargo = (name: string): Cargo => ({
    handOver: (process) => void discarded.push(`${name} to ${process}`),
    discard: () => void discarded.push(name),
  });
  channel.send(1, 5, item(1), cargo("first"));
  deepStrictEqual(scene.take(), [[1, "Answer", 5, true]]);
  channel.readersGone();
  deepStrictEqual([scene.take(), channel.isWritable], [[[1, "Broken"]], false]);
  channel.send(1, 0, item(2), cargo("second"));
  channel.send(4, 6, item(3));
  deepStrictEqual(scene.take(), [[1, "Broken"], [4, "Answer", 6, false]]);
  deepStrictEqual(discarded, ["first", "second"]);
});

test("PipeChannel: what a message speaks of goes to whoever takes it", () => {
  const scene = new Scene(), { channel } = scene;
  const owners: number[] = [];
  const cargo = {
    handOver: (process: number) => void owners.push(process),
    discard() {},
  };
  channel.send(1, 0, item(1), cargo);
  channel.want(2, 1);
  deepStrictEqual(owners, []); // it may still come back
  channel.take(2);
  deepStrictEqual(owners, [2]);
});

test("PipeChannel: a reader that says nonsense harms nobody", () => {
  const scene = new Scene(), { channel } = scene;
  for (const process of [2, 99]) {
    channel.take(process);
    channel.takeUpTo(process, 1000);
    channel.unwant(process);
    channel.giveBack(process);
    channel.readerLeft(process);
    channel.writerLeft(process);
  }
  scene.send(1);
  channel.want(2, 1);
  channel.takeUpTo(2, 1000);
  channel.takeUpTo(2, 1000);
  scene.send(2);
  deepStrictEqual(scene.take(), [
    [2, "Feed", true],
    [2, "Items", [item(1)]],
    [2, "Items", [item(2)]],
  ]);
});
