/**
 * What the compiler must refuse: each line below a `@ts-expect-error` is an error of
 * types, else the check of types fails. Nothing here is called.
 *
 * @module
 */
import { strictEqual } from "node:assert/strict";
import {
  bound,
  get_context,
  JoinableQueue,
  type Pool,
  Process,
  Queue,
  SimpleQueue,
} from "../mod.ts";
import { test } from "./suite.ts";

function two(_n: number, _text: string): void {}
function optional(_n: number, _text?: string): void {}
function none(): void {}
function withKeywords(_n: number, _keywords: { k: number }): void {}

export class Work {
  field = 1;
  send(_text: string): void {}
}

/** Methods of `this`, whose members are all that TypeScript knows of it. */
export class Sender<T> extends Process {
  #secret = 1;
  private field = 2;
  readonly item: T;
  constructor(item: T) {
    super();
    this.item = item;
  }
  send(text: string, _times?: number): number {
    return text.length + this.#secret + this.field;
  }
  same(item: T): T {
    return item;
  }
  static make(n: number): string {
    return `${n}${bound(this, "make")(n + 1)}`;
  }
  async sendAll(pool: Pool): Promise<number[]> {
    const send = bound(this, "send");
    new Process({ target: send, args: ["a"] });
    const item: T = bound(this, "same")(this.item);
    const length: number = await pool.apply(send, ["a", 2]);
    // @ts-expect-error: the method takes a string
    new Process({ target: send, args: [1] });
    // @ts-expect-error: no method
    bound(this, "item");
    // @ts-expect-error: nothing of that name
    bound(this, "sent");
    return [send(String(item)), length, ...await pool.map(send, ["a"])];
  }
}

/** The arguments must fit the target. */
export function processes(work: Work): void {
  new Process({ target: two, args: [1, "a"] });
  new Process({ target: optional, args: [1] });
  new Process({ target: none });
  new Process({ target: withKeywords, args: [1], kwargs: { k: 2 } });
  new Process({ target: bound(work, "send"), args: ["a"] });
  // @ts-expect-error: the second argument is missing
  new Process({ target: two, args: [1] });
  // @ts-expect-error: the arguments are in the wrong order
  new Process({ target: two, args: ["a", 1] });
  // @ts-expect-error: one argument too many
  new Process({ target: two, args: [1, "a", 2] });
  // @ts-expect-error: the arguments are missing
  new Process({ target: two });
  // @ts-expect-error: the keyword has the wrong type
  new Process({ target: withKeywords, args: [1], kwargs: { k: "a" } });
  // @ts-expect-error: the method takes a string
  new Process({ target: bound(work, "send"), args: [1] });
  // @ts-expect-error: no method
  bound(work, "field");
  // @ts-expect-error: no such option
  new Process({ target: none, deamon: true });
  // @ts-expect-error: as with the package's own class
  new (get_context("spawn").Process)({ target: two, args: [1] });
}

/** A queue's items have its type. */
export async function queues(): Promise<void> {
  const q = Queue<number>(3);
  const n: number = await q.get();
  await q.put(n, { timeout: 1 });
  // @ts-expect-error: an item of another type
  await q.put("a");
  // @ts-expect-error: an item of another type
  await q.put_nowait("a");
  // @ts-expect-error: it gives numbers
  const text: string = await q.get();
  // @ts-expect-error: seconds are a number
  await q.get({ timeout: text });
  // @ts-expect-error: no such option
  await q.get({ blocking: false });
  // @ts-expect-error: only this one has task_done
  await q.task_done();
  await JoinableQueue<string>().task_done();
  // @ts-expect-error: it has no size
  await SimpleQueue<string>().qsize();
  // @ts-expect-error: no number
  Queue("3");
  // @ts-expect-error: the queue's items are of another type
  new Process({ target: fill, args: [Queue<string>()] });
  new Process({ target: fill, args: [q] });
}

export async function fill(q: Queue<number>): Promise<void> {
  await q.put(1);
}

test("what must not compile does not, which the check of types tells", () => {
  strictEqual(typeof processes, "function");
  strictEqual(typeof queues, "function");
});

declare function echo<T>(x: T): T;
declare function pair<A, B>(a: A, b: B): Promise<[A, B]>;

/** Generic functions: the result's type follows from the arguments. */
export async function generics(pool: Pool): Promise<void> {
  const number: number = await pool.apply(echo, [5]);
  const both: [number, string] = await pool.apply(pair, [5, "x"]);
  const later: number = await pool.apply_async(echo, [5]).get();
  const optionals: null = await pool.apply(optional, [1]);
  void [number, both, later, optionals];
  // @ts-expect-error: the result is a number
  const text: string = await pool.apply(echo, [5]);
  // @ts-expect-error: the function takes a number
  await pool.apply(two, [text, "x"]);
}
