import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { newAuthkey } from "../src/authkey.ts";
import { Identity, identity } from "../src/process_identity.ts";
import "../src/root.ts"; // it has a number in the hub
import { test } from "./suite.ts";

test("Identity names and numbers children after itself", () => {
  const config = { identity: [3], name: "Process-3", daemon: true };
  const parent = new Identity("Process", config, newAuthkey(), 1, null);
  const [first, second] = [parent.child("Process", null), parent.child("Sub", "")];
  deepStrictEqual([first.name, second.name], ["Process-3:1", "Sub-3:2"]);
  strictEqual(parent.child("Sub", "named").name, "named");
  strictEqual(first.daemon, true);
  strictEqual(first.isChildOfCurrent, false);
  strictEqual(identity.current.child("Process", null).isChildOfCurrent, true);
});

test("Identity.config tells a child what it needs to know", () => {
  const child = identity.current.child("Process", "one");
  child.daemon = true;
  const config = child.config();
  strictEqual(config.name, "one");
  strictEqual(config.daemon, true);
  strictEqual(config.parent.name, "MainProcess");
  deepStrictEqual([...config.authkey], [...identity.current.authkey]);
});
