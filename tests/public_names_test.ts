/** The exports of the entries as users have them: also of the packages, which are bundles. */
import { deepStrictEqual, ok } from "node:assert/strict";
import * as standard from "../mod.ts";
import * as connection from "../src/connection.ts";
import * as context from "../src/context.ts";
import * as managers from "../src/managers.ts";
import * as pool from "../src/pool.ts";
import * as process from "../src/process.ts";
import * as progress from "../src/pool/progress.ts";
import * as queues from "../src/queues.ts";
import * as reduction from "../src/reduction.ts";
import * as resource_tracker from "../src/resource_tracker.ts";
import * as shared_memory from "../src/shared_memory.ts";
import * as sharedctypes from "../src/sharedctypes.ts";
import * as synchronize from "../src/synchronize.ts";
import { test } from "./suite.ts";

const ENTRIES: Record<string, Record<string, unknown>> = {
  ...{ standard, connection, context, managers, pool, process, progress, queues },
  ...{ reduction, resource_tracker, shared_memory, sharedctypes, synchronize },
};

/** Whether it is written as a class. */
function isClass(value: unknown): value is { name: string } {
  return typeof value === "function" &&
    /^class\b/.test(Function.prototype.toString.call(value));
}

test("a class has the name that it is exported by, in messages too", () => {
  const classes = Object.entries(ENTRIES).flatMap(([entry, exports]) => {
    const values = new Set(Object.values(exports).filter(isClass));
    return [...values].map((value) => {
      const names = Object.keys(exports).filter((name) => exports[name] === value);
      return { entry, names, name: value.name };
    });
  });
  ok(classes.length > 60, `${classes.length} classes`);
  deepStrictEqual(classes.filter(({ names, name }) => !names.includes(name)), []);
  deepStrictEqual(new standard.OSError("x").constructor.name, "OSError");
});
