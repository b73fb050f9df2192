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
import { type DictProxy, Manager, SyncManager } from "../src/managers.ts";
import { dict } from "../src/dummy.ts";
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
  new Process();
  new Process(null);
  new Process(null, two, null, [1, "a"]);
  new Process({ target: withKeywords, args: [1, { k: 2 }] });
  // @ts-expect-error: the keyword is missing
  new Process({ target: withKeywords, args: [1], kwargs: {} });
  // @ts-expect-error: a target without keywords
  new Process({ target: two, args: [1], kwargs: { k: "a" } });
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

class Counter {
  next(): Counter {
    return this;
  }
}

/** Python's keyword arguments of `register`, behind any number of positional ones. */
export function registered(): void {
  class Ours extends SyncManager {}
  const method_to_typeid = { next: "Counter" };
  Ours.register("Counter", { callable: Counter, method_to_typeid });
  Ours.register("Counter", Counter, { method_to_typeid, exposed: ["next"] });
  Ours.register("Counter", Counter, null, { method_to_typeid });
  Ours.register("Counter", Counter, null, ["next"], method_to_typeid, false);
  Ours.register("Counter", null, { create_method: false });
  // @ts-expect-error: no such option
  Ours.register("Counter", Counter, { method_to_typeId: method_to_typeid });
  // @ts-expect-error: given twice
  Ours.register("Counter", Counter, { callable: Counter });
}

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends (<T>() => T extends B ? 1 : 2)
  ? true
  : false;
const isSame = <A, B>(_is: Same<A, B>): void => {};

/** What a dict is made of tells its type; one that is made empty takes anything. */
export async function dicts(): Promise<void> {
  const manager = Manager();
  const ofObject = await manager.dict({ a: 1 });
  isSame<typeof ofObject, DictProxy<string, number>>(true);
  const ofMap = await manager.dict(new Map([[1, "a"]]));
  isSame<typeof ofMap, DictProxy<number, string>>(true);
  const ofPairs = await manager.dict([["a", 1], ["b", 2]]);
  isSame<typeof ofPairs, DictProxy<string, number>>(true);
  // deno-lint-ignore no-explicit-any -- what it is
  type Untyped = DictProxy<any, any>;
  const empty = await manager.dict();
  isSame<typeof empty, Untyped>(true);
  const merged = await manager.dict(ofMap, { b: 2 });
  isSame<typeof merged, Untyped>(true);
  const told = await manager.dict<string, number | null>({ a: 1 });
  isSame<typeof told, DictProxy<string, number | null>>(true);
  const number: number | null = await ofObject.get("a");
  const threads: number | null = await dict({ a: 1 }).get("a");
  void [number, threads];
  // @ts-expect-error: its values are numbers
  await ofObject.setdefault("a", "b");
}

test("what must not compile does not, which the check of types tells", () => {
  strictEqual(typeof processes, "function");
  strictEqual(typeof queues, "function");
  strictEqual(typeof registered, "function");
  strictEqual(typeof dicts, "function");
});

declare function echo<T>(x: T): T;
declare function pair<A, B>(a: A, b: B): Promise<[A, B]>;

/** Generic functions: the result's type follows from the arguments. */
export async function streams(pool: Pool): Promise<void> {
  for await (const n of pool.stream(numbers, [5])) n.toFixed();
  for await (const n of pool.stream(numbers, { args: [5], buffersize: 2 })) n.toFixed();
  const text: string = await pool.stream(texts).next();
  const pair: [string, number] = await pool.stream(pairs).next();
  const none: null = await pool.stream(nothings).next();
  // @ts-expect-error: the function takes a number
  pool.stream(numbers, ["5"]);
  // @ts-expect-error: what it gives has no values
  pool.stream(echo, [5]);
  void [text, pair, none];
}

function* numbers(n: number): Generator<number> {
  yield n;
}
async function* texts(): AsyncGenerator<string> {
  yield await "";
}
async function pairs(): Promise<Map<string, number>> {
  return await new Map();
}
function* nothings(): Generator<undefined> {
  yield undefined;
}

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
