/** The objects of a manager's server, without connections. */

import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { ManagedList } from "../../src/managers/types/list.ts";
import {
  Objects,
  References,
  RequestError,
  type Stored,
} from "../../src/managers/objects.ts";
import { ManagedQueue } from "../../src/managers/types/queue.ts";
import { public_methods } from "../../src/managers/types/referent.ts";
import { test } from "../suite.ts";

test("objects are counted for each client, and go with the last reference", () => {
  const objects = new Objects(
    new Map([
      ["list", { callable: ManagedList, exposed: null, method_to_typeid: null }],
      ["bare", { callable: null, exposed: null, method_to_typeid: null }],
    ]),
  );
  const [a, b] = [new References(objects), new References(objects)];
  const made = objects.create("list", [[1]], null);
  ok(!(made instanceof Promise));
  a.add(made.entry);
  b.add(made.entry);
  a.clear();
  strictEqual(objects.count, 1);
  b.remove(made.entry);
  b.remove(made.entry); // once too often: nothing
  strictEqual(objects.count, 0);
  throws(() => objects.need(made.entry.id), RequestError);
  throws(() => objects.create("bare", [], null), (error: RequestError) => {
    return error.text.includes("Without callable, must have one non-keyword argument");
  });
  deepStrictEqual(public_methods(new ManagedQueue()).slice(0, 3), [
    "empty",
    "full",
    "get",
  ]);
});

class Counter {
  #count = 0;
  next(): number {
    return ++this.#count;
  }
  _private(): string {
    return "private";
  }
  itself(): this {
    return this;
  }
}

/** The text of the trouble that a call gives. */
function troubleOf(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof RequestError) return error.text;
    throw error;
  }
  return "none";
}

test("methods that are not exposed, or not there, are refused in Python's words", () => {
  const objects = new Objects(
    new Map([["Counter", {
      callable: Counter,
      exposed: ["next", "gone"],
      method_to_typeid: null,
    }]]),
  );
  const { entry } = objects.create("Counter", [], null) as Stored;
  strictEqual(objects.call(entry, "next", [], null), 1);
  ok(
    troubleOf(() => objects.call(entry, "_private", [], null)).includes(
      "AttributeError: method '_private' of <class 'Counter'> object is not in exposed=",
    ),
  );
  ok(
    troubleOf(() => objects.call(entry, "gone", [], null)).includes(
      "AttributeError: 'Counter' object has no attribute 'gone'",
    ),
  );
  for (const name of ["constructor", "__proto__", "hasOwnProperty", "toString"]) {
    ok(
      troubleOf(() => objects.call(entry, name, [], null)).includes("not in exposed="),
    );
  }
  ok(troubleOf(() => objects.create("none", [], null)).includes("KeyError: 'none'"));
});

test("a result that stays here is the same object each time", () => {
  const objects = new Objects(
    new Map([["Counter", {
      callable: Counter,
      exposed: null,
      method_to_typeid: { itself: "Same" },
    }], ["Same", { callable: null, exposed: null, method_to_typeid: null }]]),
  );
  const { entry, exposed } = objects.create("Counter", [], null) as Stored;
  deepStrictEqual([...exposed].toSorted(), ["itself", "itself", "next"]);
  const made = objects.call(entry, "itself", [], null) as Stored;
  strictEqual(made.entry, entry);
  strictEqual(objects.count, 1);
});

test("too few or too many arguments are told in Python's words", () => {
  const objects = new Objects(
    new Map([["list", {
      callable: ManagedList,
      exposed: null,
      method_to_typeid: null,
    }]]),
  );
  const { entry } = objects.create("list", [], null) as Stored;
  throws(() => objects.call(entry, "append", [], null), {
    name: "TypeError",
    message: "list.append() takes exactly one argument (0 given)",
  });
  throws(() => objects.call(entry, "insert", [1], null), {
    message: "insert expected 2 arguments, got 1",
  });
});
