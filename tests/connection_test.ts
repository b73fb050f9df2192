/**
 * What `./connection` offers; what its parts do is in tests/connection/.
 *
 * @module
 */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import * as multiprocessing from "../mod.ts";
import * as connection from "../src/connection.ts";
import { test } from "./suite.ts";

test("the module has CPython's public names, and what a user needs of its others", () => {
  const all = ["Client", "Listener", "Pipe", "wait"]; // connection.__all__
  const documented = ["Connection", "answer_challenge", "deliver_challenge"];
  const others = [
    "address_type",
    "arbitrary_address",
    "default_family",
    "families",
    "MESSAGE_LENGTH",
  ];
  deepStrictEqual(
    Object.keys(connection).toSorted(),
    [...all, ...documented, ...others].toSorted(),
  );
});

test("the package's Pipe is the module's, its ends are Connections", () => {
  strictEqual(multiprocessing.Pipe, connection.Pipe);
  for (const end of multiprocessing.Pipe()) {
    strictEqual(end instanceof connection.Connection, true);
    strictEqual(end.constructor.name, "Connection");
    end.close();
  }
});
