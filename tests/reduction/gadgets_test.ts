import "../../src/connection.ts";
import { learnModule } from "../../src/functions/references.ts";
import "../../src/managers.ts";
import "../../src/queues.ts";
import { ReducedKind } from "../../src/reduction/kinds.ts";
import { dumps, loadError, loads } from "../../src/reduction/mod.ts";
import "../../src/synchronize.ts";
import { differences, snapshot } from "../helpers/global_state.ts";
import * as targets from "../security/gadget_targets.ts";
import { forge, gadgets, Made, own, sharedOf, TARGETS } from "../security/gadgets.ts";
import { test } from "../suite.ts";
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import "node:child_process";
import "node:events";
import "node:fs";
import "node:vm";

/**
 * Tests of src/reduction/policy.ts: payloads that want more than to be data. Whatever they
 * name, nothing of the receiver is called or changed, and it is told so.
 */

/** The receiver's program has loaded the module, as far as it can be loaded. */
learnModule(TARGETS, targets);

const all = [...gadgets()];

/** The outcome for a receiver: it only learns that the payload was refused. */
async function receive(payload: Uint8Array): Promise<Error> {
  try {
    // Awaited as `get` and `recv` do: a thenable would be called here.
    const value = await (async () => await loads(payload))();
    throw new Error(`it arrived: ${typeof value}`);
  } catch (error) {
    return error as Error;
  }
}

test("payloads that want more than to be data: there are hundreds of them", () => {
  ok(all.length > 400, String(all.length));
  strictEqual(new Set(all.map(([name]) => name)).size, all.length);
});

test("payloads that want more than to be data: each is refused, nothing is called or changed", async () => {
  const before = snapshot();
  for (const [name, value] of all) {
    targets.calls.length = 0;
    const error = await receive(forge(value));
    const isClear = ["UnpicklingError", "AttributeError", "PicklingError"]
      .includes(error.name);
    ok(isClear, `${name}: ${error.name}: ${error.message}`);
    deepStrictEqual(targets.calls, [], name);
  }
  deepStrictEqual(differences(before, snapshot()), []);
  strictEqual("gadgetRan" in globalThis, false);
});

test("payloads that want more than to be data: as errors they are replaced or refused", async () => {
  for (const [name, value] of all) {
    targets.calls.length = 0;
    const substitute = dumps(new RangeError("instead")) as Uint8Array;
    const parcel = dumps(["the stack", forge(value), substitute]) as Uint8Array;
    const error = await loadError(parcel, { withTraceback: true }) as Error;
    strictEqual(error.message, "instead", name);
    deepStrictEqual(targets.calls, [], name);
  }
});

test("payloads that want more than to be data: an honest one beside them arrives", async () => {
  targets.calls.length = 0;
  const { Honest, Built } = targets;
  const honest = new Honest();
  honest.value = [Object.create(Built.prototype), targets.canary];
  const copy = await loads(dumps(honest) as Uint8Array) as typeof honest;
  ok(copy instanceof Honest);
  const [built, canary] = copy.value as [object, unknown];
  ok(built instanceof Built);
  strictEqual(canary, targets.canary);
  deepStrictEqual(targets.calls, []);
});

test("payloads that want more than to be data: the parent may have things called", async () => {
  targets.calls.length = 0;
  const payload = forge(new Made(ReducedKind.Call, [own("canary"), [1, 2]]));
  strictEqual(await loads(payload, { fromParent: true }), targets.canary);
  deepStrictEqual(targets.calls, ["canary(2)"]);
});

test("payloads that want more than to be data: from the parent, too, states are for objects", async () => {
  const before = snapshot();
  for (const [name, value] of all) {
    const isRefused =
      /and its state$|then|toString|toJSON|valueOf|^an instance of ReadStream/;
    if (!isRefused.test(name)) continue;
    const error = await (async () => await loads(forge(value), { fromParent: true }))()
      .then(() => new Error("it arrived"), (error) => error as Error);
    ok(error.name !== "Error", `${name}: ${error.message}`);
  }
  deepStrictEqual(differences(before, snapshot()), []);
});

for (const module of ["queues", "synchronize", "managers"]) {
  test(`a shared object of ${module} is of a class of its kind, also from the parent`, async () => {
    targets.calls.length = 0;
    for (const name of ["canary", "Built", "List"]) {
      const payload = forge(sharedOf(module, own(name)));
      const error = await (async () => await loads(payload, { fromParent: true }))()
        .then(() => undefined, (error) => error as Error);
      strictEqual(error?.name, "UnpicklingError", name);
    }
    deepStrictEqual(targets.calls, []);
  });
}

test("payloads that want more than to be data: bytes are used once", () => {
  const bytes = new Uint8Array(1000);
  const payload = forge([bytes, bytes.subarray(0)]);
  // The second one's index becomes the first one's.
  const at = payload.lastIndexOf(1);
  payload[at] = 0;
  let error: Error | undefined;
  try {
    loads(payload);
  } catch (thrown) {
    error = thrown as Error;
  }
  strictEqual(error?.name, "UnpicklingError");
});

for (const method of ["then", "toString", "valueOf", "toJSON"]) {
  test(`dumps: an object with a method '${method}' is refused at the call`, () => {
    for (
      const value of [
        { [method]: targets.canary },
        [{ a: { [method]: targets.canary } }],
        Object.assign(Object.create(null), { [method]: Math.max }),
      ]
    ) {
      let error: Error | undefined;
      try {
        dumps(value);
      } catch (thrown) {
        error = thrown as Error;
      }
      strictEqual(error?.name, "PicklingError");
      ok(error.message.includes(`'${method}'`), error.message);
    }
  });
}

for (const name of ["Thenable", "ThenGetter"] as const) {
  test(`dumps: an instance of a class with ${name === "Thenable" ? "a method" : "a getter"} 'then' is refused at the call`, () => {
    targets.calls.length = 0;
    let error: Error | undefined;
    try {
      dumps([new targets[name]()]);
    } catch (thrown) {
      error = thrown as Error;
    }
    strictEqual(error?.name, "PicklingError");
    deepStrictEqual(targets.calls, []);
  });
}

test("dumps: what is called 'then' and is no method crosses", async () => {
  const value = { then: 1, toString: "text", nested: { toJSON: null } };
  deepStrictEqual(await loads(dumps(value) as Uint8Array), value);
  strictEqual(own("canary").reference[0], TARGETS);
});
