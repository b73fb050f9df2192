/**
 * Tests of src/functions/name_search.ts: functions of a module whose text a tool has
 * rewritten. The tool of these tests runs the module's text by `node:vm`, under its URL, as
 * Vitest and Jest do.
 */

import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import vm from "node:vm";
import { exported, Pool } from "../../mod.ts";
import { readReferences } from "../../src/codec/codec.ts";
import { fingerprint } from "../../src/functions/fingerprint.ts";
import { findByName } from "../../src/functions/name_search.ts";
import { withFolder } from "../helpers/folders.ts";
import { dumps, PendingPayload } from "../../src/reduction/mod.ts";
import { runtime } from "../../src/runtime/mod.ts";
import { runtimeName, test } from "../suite.ts";

const WORK = new URL("../helpers/rewritten_work.mjs", import.meta.url).href;

type Work = typeof import("../helpers/rewritten_work.mjs");

/** Runs the module's text, rewritten, and gives what it exports. */
function evaluate(): Work {
  const text = readFileSync(new URL(WORK), "utf8");
  const names = [
    ...text.matchAll(/^export .*?(\w+)(?= =|\()/gm),
    ...text.matchAll(
      /^export class (\w+)/gm,
    ),
  ].map(([, name]) => name);
  const rewritten = text.replaceAll(/^export /gm, "")
    .replaceAll(/^(\s*)return /gm, "$1globalThis.covered = 1; return ")
    .replaceAll(/^( *)(function)/gm, "$1/* seen */ $2")
    .replace(
      "constructor(content) {",
      "constructor(content) { globalThis.covered = 1;",
    );
  return new vm.Script(`(() => { ${rewritten}; return { ${names.join(", ")} }; })()`, {
    filename: WORK,
  }).runInThisContext();
}

const onNode = {
  skip: runtimeName !== "node" &&
    "the tools that rewrite modules in the process itself run on Node",
};

async function payloadOf(value: unknown): Promise<Uint8Array> {
  const payload = dumps(value);
  return payload instanceof PendingPayload ? await payload.resolve() : payload;
}

test("a rewritten module: its functions and classes run in a child", async () => {
  const work = evaluate();
  await using pool = Pool(1);
  deepStrictEqual(await pool.map(work.square, [1, 2, 3]), [1, 4, 9]);
  strictEqual(await pool.apply(work.half, [4]), 2);
  strictEqual(await pool.apply(work.sum, [work.count, 3]), 3);
  strictEqual(await pool.apply(work.peekInto, [new work.Box("b")]), "b");
}, onNode);

test("a rewritten module: is not evaluated a second time to ask it", async () => {
  const [reference] = readReferences(await payloadOf(evaluate().square))!;
  const [url, name, print] = reference as [string, string, number];
  deepStrictEqual([url, name], [WORK, "square"]);
  strictEqual(print, fingerprint((x: number) => x, false), "the text does not count");
  strictEqual(await runtime.isLoaded(WORK), false);
}, onNode);

for (const which of ["the export", "the inner one"]) {
  test(
    `a rewritten module: of two functions of one name, ${which} is refused`,
    async () => {
      const work = evaluate();
      const callable = which === "the export" ? work.decoy : work.makeDecoy();
      await using pool = Pool(1);
      await rejects(pool.apply(callable, [1]), {
        name: "PicklingError",
        message: /it's not the same object as .*rewritten_work\.mjs\.decoy/,
      });
    },
    onNode,
  );
}

test("a rewritten module: what it does not export is refused", async () => {
  await rejects(
    payloadOf(evaluate().secrets),
    /attribute lookup .* failed \(it is made in/,
  );
}, onNode);

test(
  "a rewritten module: a function of its names that another module makes is refused",
  async () => {
    evaluate();
    function square(x: number): number {
      return x * x;
    }
    await rejects(payloadOf(square), /attribute lookup square on .*name_search_test/);
  },
  onNode,
);

test("a rewritten module: by `exported`, on every runtime, whatever the text is", async () => {
  const { decoy, makeDecoy, secrets, square } = evaluate();
  const meta = { url: WORK } as ImportMeta;
  exported(meta, { square, decoy });
  await using pool = Pool(1);
  strictEqual(await pool.apply(square, [4]), 16);
  strictEqual(await pool.apply(decoy, [4]), 4);
  await rejects(pool.apply(makeDecoy(), [4]), { name: "PicklingError" });
  await rejects(pool.apply(secrets[0]!, [4]), { name: "PicklingError" });
});

test(
  "a CommonJS module that is one function, where it cannot be asked",
  () =>
    withFolder((folder) => {
      const cases: [text: string, name: string, found: boolean][] = [
        ["module.exports = function (a) { return a; };", "", true],
        ["var x = 1;\nmodule.exports = (a, b) => a + b;", "", true],
        ["function one(a) { return a; }\nmodule.exports = one;", "one", true],
        ["exports = module.exports = one\nfunction one(a) { return a; }", "one", true],
        ["function one(a) { return a; }\nmodule.exports = one(1);", "one", false],
        ["module.exports = { two: 1 };\nfunction one(a) { return a; }", "one", false],
      ];
      for (const [i, [text, name, isFound]] of cases.entries()) {
        const file = `${folder}/${i}.cjs`;
        writeFileSync(file, text);
        const source = /\bfunction\b[^}]*\}|\(a, b\) => a \+ b/.exec(text)![0];
        const callable = new Function(`return [${source}][0]`)() as () => unknown;
        const { href } = pathToFileURL(file);
        const found = findByName(callable, [], href);
        strictEqual(callable.name, name);
        deepStrictEqual(
          found?.slice(0, 2),
          isFound ? [href, "default"] : undefined,
          text,
        );
      }
    }),
  {
    skip: runtimeName === "bun" && "Bun tells of no function where it was made",
  },
);
