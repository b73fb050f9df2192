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
import {
  public_methods,
  type Registration,
} from "../../src/managers/types/referent.ts";
import { test } from "../suite.ts";

/** The objects of a server with these types; those without more are all exposed. */
function objectsOf(types: Record<string, Partial<Registration>>): Objects {
  const plain = { callable: null, exposed: null, method_to_typeid: null };
  return new Objects(
    new Map(Object.entries(types).map(([name, type]) => [name, { ...plain, ...type }])),
  );
}

test("objects are counted for each client, and go with the last reference", () => {
  const objects = objectsOf({ list: { callable: ManagedList }, bare: {} });
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
  refuses(
    () => objects.create("bare", [], null),
    "Without callable, must have one non-keyword argument",
  );
  const methods = public_methods(new ManagedQueue());
  deepStrictEqual(methods.slice(0, 3), ["empty", "full", "get"]);
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

/** Checks that a call is refused with a text that contains this one. */
function refuses(call: () => unknown, text: string): void {
  throws(call, (error) => error instanceof RequestError && error.text.includes(text));
}

test("methods that are not exposed, or not there, are refused in Python's words", () => {
  const objects = objectsOf({
    Counter: { callable: Counter, exposed: ["next", "gone"] },
  });
  const { entry } = objects.create("Counter", [], null) as Stored;
  strictEqual(objects.call(entry, "next", [], null), 1);
  refuses(
    () => objects.call(entry, "_private", [], null),
    "AttributeError: method '_private' of <class 'Counter'> object is not in exposed=",
  );
  refuses(
    () => objects.call(entry, "gone", [], null),
    "AttributeError: 'Counter' object has no attribute 'gone'",
  );
  for (const name of ["constructor", "__proto__", "hasOwnProperty", "toString"]) {
    refuses(() => objects.call(entry, name, [], null), "not in exposed=");
  }
  refuses(() => objects.create("none", [], null), "KeyError: 'none'");
});

test("a result that stays here is the same object each time", () => {
  const objects = objectsOf({
    Counter: { callable: Counter, method_to_typeid: { itself: "Same" } },
    Same: {},
  });
  const { entry, exposed } = objects.create("Counter", [], null) as Stored;
  deepStrictEqual([...exposed].toSorted(), ["itself", "itself", "next"]);
  const made = objects.call(entry, "itself", [], null) as Stored;
  strictEqual(made.entry, entry);
  strictEqual(objects.count, 1);
});

test("too few or too many arguments are told in Python's words", () => {
  const objects = objectsOf({ list: { callable: ManagedList } });
  const { entry } = objects.create("list", [], null) as Stored;
  throws(() => objects.call(entry, "append", [], null), {
    name: "TypeError",
    message: "list.append() takes exactly one argument (0 given)",
  });
  throws(() => objects.call(entry, "insert", [1], null), {
    message: "insert expected 2 arguments, got 1",
  });
});
