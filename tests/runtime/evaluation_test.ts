/** Which code counts as set up by a module when it was loaded. */
import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import process from "node:process";
import { setImmediate } from "node:timers";
import { Pool } from "../../mod.ts";
import {
  evaluate,
  evaluation,
  isBootstrapping,
  outside,
  setEvaluation,
} from "../../src/runtime/evaluation.ts";
import { beginEvaluation } from "../../src/runtime/evaluation_context.ts";
import { whenWatched } from "../helpers/evaluated_pending.ts";
import { runtimeName, test, testsWith } from "../suite.ts";

const HELPERS = new URL("../helpers/", import.meta.url);
const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf("."));

function helper(name: string): string {
  return new URL(`${name}${EXTENSION}`, HELPERS).href;
}

/** As an entry that a module of the program imports. */
function enter(): void {
  evaluation()!.running++;
  beginEvaluation();
  evaluation()!.running--;
}

/** Runs a test as if this process were a child. */
const IN_CHILD = testsWith<null>({}, async (fn) => {
  setEvaluation(() => false);
  try {
    await fn(null);
  } finally {
    Reflect.deleteProperty(
      globalThis,
      Symbol.for("@pystd/multiprocessing: evaluation"),
    );
  }
});

interface Looks {
  later: Promise<string[]>;
  call: () => Promise<string[]>;
}

const WAYS = ["sync", "microtask", "timer", "after an await"];

for (
  const [name, begin] of [["loaded by", () => {
    enter();
    evaluation()!.context!.leave();
  }], ["that imports", () => {}]] as const
) {
  const module = name === "loaded by" ? "evaluated_later" : "evaluated_entry";
  IN_CHILD.test(`what a module ${name} an entry sets up is told from its calls`, async () => {
    begin();
    const { later, call } = await evaluate(helper(module)) as unknown as Looks;
    deepStrictEqual(await later, WAYS.map((way) => `${way}: true`));
    strictEqual(isBootstrapping(), false);
    deepStrictEqual(await call(), WAYS.map((way) => `${way}: false`));
  });
}

IN_CHILD.test("work is outside, though it begins where a module was evaluated", async () => {
  enter(); // as if in a turn that also brings a message
  const looks: boolean[] = [isBootstrapping()];
  const work = outside(async () => {
    looks.push(isBootstrapping());
    await null;
    looks.push(isBootstrapping());
    await new Promise<void>((resolve) => setImmediate(resolve));
    looks.push(isBootstrapping());
  });
  looks.push(isBootstrapping());
  await work;
  deepStrictEqual(looks, [true, false, true, false, false]);
  evaluation()!.context!.leave();
  strictEqual(outside(() => 3), 3);
});

IN_CHILD.test("an entry that the work loads late changes nothing", () => {
  beginEvaluation();
  deepStrictEqual([isBootstrapping(), evaluation()!.context], [false, undefined]);
});

IN_CHILD.test("a module that loads no entry needs no context", async () => {
  await evaluate(helper("evaluated_alone"));
  strictEqual(evaluation()!.context, undefined);
});

test("a program that is no child may start processes", () => {
  strictEqual(evaluation(), undefined);
  beginEvaluation();
  strictEqual(isBootstrapping(), false);
});

for (const isLoaded of [false, true]) {
  const way = isLoaded ? "in the context" : "before there is one";
  IN_CHILD.test(`a module that fails is evaluated once, its error told: ${way}`, async () => {
    if (isLoaded) enter();
    evaluation()!.context?.leave();
    const url = helper(isLoaded ? "evaluated_badly_too" : "evaluated_badly");
    const counts = globalThis as { evaluatedBadly?: number };
    await rejects(evaluate(url), /no good/);
    await rejects(evaluate(url), /no good/);
    strictEqual(counts.evaluatedBadly, 1);
    delete counts.evaluatedBadly;
    await rejects(evaluate(helper("is_not_there")));
  });
}

const isOld = runtimeName === "node" && parseInt(process.versions.node) < 24;

test(
  "before Node 24, promises are watched while something is left of it only",
  async () => {
    await using pool = Pool(1);
    deepStrictEqual(await pool.apply(whenWatched), [true, false]);
  },
  { skip: !isOld && "later ones have contexts that cost nothing" },
);
