/** Pickles gone wrong: every reading ends soon, in a value or in an error of the contract. */

import { ok, strictEqual, throws } from "node:assert/strict";
import { EOFError, UnpicklingError, ValueError } from "../../src/python/errors.ts";
import { GLOBALS } from "../../src/pickle/globals.ts";
import { Op } from "../../src/pickle/opcodes.ts";
import { loads } from "../../src/pickle/reader.ts";
import { type Constructor, type Globals, PyGlobal } from "../../src/pickle/types.ts";
import { test } from "../suite.ts";
import { bytes, concat, Random, repeat } from "../wire/support.ts";
import { VECTORS } from "../wire/pickle/vectors.ts";

const PICKLES = [...VECTORS.values()].flat();
const OPCODES: readonly number[] = Object.values(Op);

/** Bytes from characters. */
function raw(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** What `loads` does with bytes that may be anything: a word for the outcome. */
function outcome(pickle: Uint8Array, globals = GLOBALS): "value" | "error" {
  try {
    loads(pickle, { globals });
    return "value";
  } catch (error) {
    const types = [UnpicklingError, ValueError, EOFError];
    if (types.some((type) => (error as Error).constructor === type)) return "error";
    throw error;
  }
}

/** The same table, which notes what is made. */
function noting(made: Set<string>): Globals {
  const note = (constructor: Constructor): Constructor => ({
    ...constructor,
    construct(args, call) {
      ok(call.global instanceof PyGlobal);
      made.add(`${call.global.module}.${call.global.name}`);
      return constructor.construct(args, call);
    },
  });
  return new Map(
    [...GLOBALS].map(([module, names]) => [
      module,
      new Map([...names].map(([name, constructor]) => [name, note(constructor)])),
    ]),
  );
}

test("loads: 100,000 pickles with changed bytes neither crash nor hang", () => {
  const made = new Set<string>();
  const globals = noting(made);
  const counts = { value: 0, error: 0 };
  repeat(100_000, (random) => {
    counts[outcome(random.mutated(random.of(PICKLES)), globals)]++;
  });
  // Neither is rare, so both ways have been gone.
  ok(counts.value > 1000 && counts.error > 1000, JSON.stringify(counts));
  for (const name of made) {
    const [, module, last] = /^(.*)\.(\w+)$/.exec(name)!;
    ok(GLOBALS.get(module!)?.has(last!), name);
  }
});

test("loads: 30,000 random programs of opcodes neither crash nor hang", () => {
  repeat(30_000, (random) => {
    const program: number[] = [];
    for (let i = random.below(40); i >= 0; i--) {
      program.push(random.of(OPCODES));
      if (random.below(2) === 0) program.push(random.below(4));
      if (random.below(6) === 0) program.push(...raw("cbuiltins\nKeyError\n"));
    }
    program.push(Op.STOP);
    outcome(Uint8Array.from(program));
  });
});

test("loads: pickles joined from parts of others neither crash nor hang", () => {
  repeat(20_000, (random) => {
    const parts = Array.from({ length: 3 }, () => {
      const pickle = random.of(PICKLES);
      const start = random.below(pickle.length);
      return pickle.subarray(start, start + random.below(pickle.length - start));
    });
    outcome(concat(random.of(PICKLES).subarray(0, -1), ...parts, bytes("2e")));
  });
});

/** A list of two times the list before, so many times; memo 0 is the last one. */
function doubled(times: number): Uint8Array {
  const step = bytes("5d 71 00 28 68 01 68 01 65 71 01");
  return concat(bytes("5d 71 01"), ...Array.from({ length: times }, () => step));
}

test("loads: long lines are read once", () => {
  const digits = "1".repeat(1_000_000);
  const lines = [`F${digits}x`, `I${digits}x`, `L${"L".repeat(1e6)}`, `g${digits}`];
  for (const line of lines) throws(() => loads(raw(line + "\n.")), UnpicklingError);
  strictEqual(loads(raw(`F${digits}\n.`)), Infinity);
  strictEqual(loads(raw(`V${"\\".repeat(1e6)}\n.`)), "\\".repeat(1e6));
});

test("loads: an exception of an endless text is made at once", () => {
  const pickle = concat(doubled(100), raw("cbuiltins\nKeyError\nh\x01\x85R."));
  const error = loads(pickle) as Error & { args: unknown[] };
  strictEqual(error.message, "...");
  strictEqual((error.args[0] as unknown[]).length, 2);
});

test("loads: endless names and numbers of arrays are refused at once", () => {
  for (
    const call of [
      "carray\narray\nh\x01h\x01\x86R.",
      "c_codecs\nencode\nh\x01\x85R.",
      "carray\n_array_reconstructor\n(NVi\nh\x01C\x00tR.",
      "carray\narray\nVi\n]h\x01a\x86R.",
    ]
  ) {
    const pickle = concat(doubled(100), raw(call));
    throws(() => loads(pickle), /^UnpicklingError: cannot make/);
  }
});

test("loads: calls cannot copy the same argument without end", () => {
  for (const name of ["builtins\nlist", "builtins\nset", "builtins\nfrozenset"]) {
    const items = concat(bytes("5d 71 01 28"), new Uint8Array(10_000).fill(0x4e));
    const copies = Array.from({ length: 1000 }, () => raw(`c${name}\nh\x01\x85R`));
    const pickle = concat(items, bytes("65"), ...copies, bytes("2e"));
    throws(() => loads(pickle), /^UnpicklingError: too much work/);
  }
});

test("loads: many exceptions about the same thing are made in the time for one", () => {
  const text = "x".repeat(9000);
  const one = raw("cbuiltins\nKeyError\nh\x00\x85Rah\x01");
  const many = Array.from({ length: 3000 }, () => one);
  const pickle = concat(raw(`V${text}\np0\n]p1\n`), ...many, bytes("2e"));
  const errors = loads(pickle) as (Error & { args: unknown[] })[];
  ok(errors[0]!.message === `'${text}'`);
  const last = errors.at(-1)!;
  // As it is, without the quotes that would have to be put around a copy.
  ok(last.message === text && last.args[0] === text);
});

test("loads: states cannot copy the same fields without end", () => {
  const fields = Array.from({ length: 2000 }, (_, i) => raw(`Vk${i}\nNs`));
  const error = raw("cbuiltins\nKeyError\n)Rh\x01b0");
  const many = Array.from({ length: 2000 }, () => error);
  const pickle = concat(raw("}q\x01"), ...fields, ...many, bytes("4e2e"));
  throws(() => loads(pickle), /^UnpicklingError: too much work/);
});

test("loads: a random reader of random bytes is the same each time", () => {
  const random = new Random(7);
  for (let i = 0; i < 2000; i++) {
    const pickle = random.mutated(random.of(PICKLES));
    strictEqual(outcome(pickle), outcome(pickle));
  }
});
