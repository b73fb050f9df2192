/** Each kind of `values_table.ts` crosses, or is refused; the documentation's table says the same. */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import vm from "node:vm";
import { ForkingPickler } from "../../src/reduction.ts";
import { test } from "../suite.ts";
import { CROSSING, REFUSED, tableOf } from "./values_table.ts";

/** The value of an expression in this realm. */
function valueOf(expression: string): unknown {
  return vm.runInThisContext(`(${expression})`);
}

/** What of an error is compared: where it was made differs by runtime. */
function shown(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, cause, code, errors } = value as AggregateError & {
    code: unknown;
  };
  return [name, message, shown(cause), code, errors?.map(shown)];
}

for (const { kind, values, expected } of CROSSING) {
  test(`values: ${kind}`, async () => {
    for (const value of values) {
      const sent = valueOf(value);
      const copy = await ForkingPickler.loads(await ForkingPickler.dumps(sent));
      const wanted = expected === undefined ? sent : valueOf(expected);
      deepStrictEqual(shown(copy), shown(wanted));
      if (typeof sent !== "object" || sent === null) continue;
      ok(copy !== sent);
      strictEqual(Object.getPrototypeOf(copy), Object.getPrototypeOf(wanted));
    }
  });
}

test("values: a date that is none stays none", async () => {
  // Node 20's deepStrictEqual takes two of them for different ones.
  const copy = await ForkingPickler.loads(await ForkingPickler.dumps(new Date(NaN)));
  ok(copy instanceof Date && Number.isNaN(copy.getTime()));
});

for (const { kind, values, error } of REFUSED) {
  test(`values: refused are ${kind}`, async () => {
    for (const value of values) {
      const make = () => ForkingPickler.dumps(valueOf(value));
      await rejects(make, ({ message }: Error) => {
        ok(
          message.includes(error),
          `${value}: ${message}`,
        );
        return true;
      });
    }
  });
}

const PAGE = new URL("../../docs/values.md", import.meta.url);

test("values: the table of the documentation is this one", () => {
  ok(readFileSync(PAGE, "utf8").includes(tableOf()), tableOf());
}, { skip: !existsSync(PAGE) && "the compiled tests are without the documentation" });
