import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { launching } from "../../src/link/launch.ts";
import { newAuthkey } from "../../src/process/authkey.ts";
import { assumeIdentity, Identity, identity } from "../../src/process/identity.ts";
import "../../src/link/root.ts"; // it has a number in the hub
import { test } from "../suite.ts";

test("Identity names and numbers children after itself", () => {
  const config = { identity: [3], name: "Process-3", daemon: true };
  const parent = new Identity(config, newAuthkey(), 1, null);
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
  const config = child.config("spawn");
  strictEqual(config.name, "one");
  strictEqual(config.daemon, true);
  strictEqual(config.parent.name, "MainProcess");
  deepStrictEqual([...config.authkey], [...identity.current.authkey]);
});

test("assumeIdentity() makes a process all that its parent's config says", () => {
  const before = { ...identity, startMethod: { ...identity.startMethod } };
  const child = identity.current.child("Process", "one");
  launching.executable = "/program";
  const config = { ...child.config("spawn"), script: null, ignoresInterrupt: true };
  launching.executable = null;
  try {
    assumeIdentity(config);
    const { current, ...rest } = identity;
    deepStrictEqual(rest, {
      parent: config.parent,
      place: null,
      startMethod: { name: "spawn" },
      ignoresInterrupt: true,
      isBootstrapping: true,
      freeze: null,
    });
    deepStrictEqual([current.name, current.numbers], ["one", config.identity]);
    deepStrictEqual([...current.authkey], [...config.authkey]);
    strictEqual(launching.executable, "/program");
    strictEqual(current.parentPid, config.parent.pid);
    strictEqual(child.isChildOfCurrent, false);
    // What its own children inherit.
    const { ignoresInterrupt, executable, name } = current.child("Sub", null)
      .config(null);
    deepStrictEqual([ignoresInterrupt, executable], [true, "/program"]);
    strictEqual(name, `Sub-${config.identity.join(":")}:1`);
  } finally {
    launching.executable = null;
    identity.startMethod.name = before.startMethod.name;
    Object.assign(identity, { ...before, startMethod: identity.startMethod });
  }
});
