/**
 * Payloads changed by chance, with the names of functions in every place: whatever comes
 * of it, no function of the receiver is called and none of its globals is changed.
 *
 * `GADGET_MUTATIONS=1000000` in the environment says how many. Each runtime tries others.
 */

import process from "node:process";
import * as targets from "../security/gadget_targets.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { loads } from "../../src/reduction/mod.ts";
import type { Reference } from "../../src/functions/callable.ts";
import { learnModule } from "../../src/functions/references.ts";
import { encodeParts, join } from "../../src/codec/codec.ts";
import { CALLABLES, forge, gadgets, own, TARGETS } from "../security/gadgets.ts";
import { differences, snapshot } from "../helpers/global_state.ts";
import { runtimeName, test } from "../suite.ts";
import { Random } from "../wire/support.ts";

const MUTATIONS = Number(process.env.GADGET_MUTATIONS) || 250_000;

/** Other payloads on each runtime. */
const SEED = { deno: 1, bun: 2, node: parseInt(process.versions.node) }[runtimeName];

learnModule(TARGETS, targets);

const NAMES: Reference[] = [
  ...CALLABLES.filter(({ reference }) => !/^(node:|fs$|Deno|Bun)/.test(reference[0]))
    .map(({ reference }) => reference),
  ...["Honest", "Built", "List", "Failure", "Thenable", "awaited"]
    .map((name) => own(name).reference),
  ...["Error", "RangeError", "KeyError", "OSError", "Map", "Set", "Uint8Array"]
    .map((name) => [name] as const),
  ["queues:rebuild"],
  ["connection:rebuild"],
];

/** A value, almost by chance: nodes of all kinds, with functions in every place. */
function anything(random: Random, depth: number): unknown {
  const below = () => anything(random, depth - 1);
  const index = () => random.below(NAMED + 1);
  switch (depth <= 0 ? random.below(4) : random.below(12)) {
    case 0:
      return random.of([0, 1, -1, "x", "then", "constructor", "length", null, true]);
    case 1:
    case 2:
      return node(15, 0, index()); // a function
    case 3:
      return node(random.below(17), random.below(9));
    case 4:
      return [below(), below()];
    case 5:
      return { [random.of(KEYS)]: below(), [random.of(KEYS)]: below() };
    case 6:
      return node(15, random.below(9), [node(15, 0, index()), below()], below());
    case 7:
      return node(15, random.below(9), below(), below());
    case 8:
      return node(15, 4, [node(15, 0, index()), [below()]], {
        [random.of(KEYS)]: below(),
      });
    case 9:
      return node(15, 5, [node(15, 0, index())], [[random.of(KEYS), below(), true]]);
    case 10:
      return node(15, 2, [node(15, 0, index())], { [random.of(KEYS)]: below() });
    default:
      return node(random.below(17), below(), below());
  }
}

/** Number of functions that one payload names. */
const NAMED = 6;

const KEYS = [
  "a",
  "then",
  "toString",
  "constructor",
  "__proto__",
  "prototype",
  "__setstate__",
  "name",
  "message",
  "cause",
  "length",
  "0",
];

/** What stands for something special in a payload: an array that begins with undefined. */
class Node {
  readonly items: unknown[];
  constructor(items: unknown[]) {
    this.items = items;
  }
}

function node(...items: unknown[]): Node {
  return new Node(items);
}

/** Written without our own encoder's help: it would not write most of this. */
function write(value: unknown, out: number[]): void {
  if (value instanceof Node) {
    head(4, value.items.length + 1, out);
    out.push(0xf7);
    for (const item of value.items) write(item, out);
  } else if (Array.isArray(value)) {
    head(4, value.length, out);
    for (const item of value) write(item, out);
  } else if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    head(5, entries.length, out);
    for (const entry of entries) for (const item of entry) write(item, out);
  } else if (typeof value === "string") {
    head(3, value.length, out);
    for (let i = 0; i < value.length; i++) out.push(value.charCodeAt(i));
  } else if (typeof value === "number") {
    if (value < 0) head(1, -1 - value, out);
    else head(0, value, out);
  } else out.push(value === null ? 0xf6 : 0xf5);
}

function head(major: number, value: number, out: number[]): void {
  if (value < 24) out.push(major << 5 | value);
  else out.push(major << 5 | 24, value);
}

const { outOfBand } = encodeParts([new Uint8Array(2), new Uint8Array(8)]);

function made(random: Random): Uint8Array<ArrayBuffer> {
  const body: number[] = [];
  write(anything(random, 3), body);
  const names = Array.from({ length: NAMED }, () => random.of(NAMES));
  return join({ body: new Uint8Array(body), outOfBand }, names) as Uint8Array<
    ArrayBuffer
  >;
}

/** Bytes of a payload changed behind the names: they are tried elsewhere. */
function mutated(
  random: Random,
  seed: Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const payload = seed.slice();
  const start = payload.lastIndexOf("s".charCodeAt(0)) + 1; // of the module's `.ts` or `.js`
  for (let n = random.below(3); n >= 0; n--) {
    const at = start + random.below(payload.length - start);
    payload[at] = random.below(256);
  }
  return payload;
}

async function look(payload: Uint8Array): Promise<boolean> {
  try {
    const value = loads(payload);
    // As `get` and `recv` do, but at no cost where nothing can happen.
    if (
      value instanceof Promise || typeof value === "object" && value && "then" in value
    ) {
      await (async () => await value)();
    }
    return true;
  } catch (error) {
    const { name, message } = error as Error;
    ok(
      /^(Unpickling|Attribute|Pickling|Recursion)Error$/.test(name),
      `${name}: ${message}`,
    );
    return false;
  }
}

test(
  `payloads changed by chance (${MUTATIONS}): nothing is called, nothing is changed`,
  async () => {
    const random = new Random(SEED);
    const seeds = [...gadgets()].map(([, value]) => forge(value))
      .filter((payload) => payload.length < 400);
    for (let i = 0; i < 100; i++) await look(made(random));
    const before = snapshot();
    targets.calls.length = 0;
    let arrived = 0;
    for (let i = 0; i < MUTATIONS; i++) {
      const payload = i % 8 === 0 ? mutated(random, random.of(seeds)) : made(random);
      if (await look(payload)) arrived++;
      if (targets.calls.length > 0) {
        deepStrictEqual(
          targets.calls,
          [],
          payload.toString(),
        );
      }
    }
    ok(arrived > MUTATIONS / 1000, `only ${arrived} were any value at all`);
    deepStrictEqual(differences(before, snapshot()), []);
    strictEqual("gadgetRan" in globalThis, false);
  },
  { timeout: 280 },
);
