import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { decode } from "../../src/codec/codec.ts";
import { type assumeIdentity, identity } from "../../src/process/identity.ts";
import { rehearsalMessages } from "../../src/process/rehearsal.ts";
import { loads } from "../../src/reduction/mod.ts";
import { Kind } from "../../src/wire/message.ts";
import "../../src/link/root.ts"; // it has a number in the hub
import { test } from "../suite.ts";

test("rehearsalMessages() describe a process that calls a function which does nothing", () => {
  const [init, boot] = rehearsalMessages();
  strictEqual(init[0], Kind.Init);
  const config = decode(init[4]) as Parameters<typeof assumeIdentity>[0];
  // All that a config has, so that all of it is rehearsed.
  const real = identity.current.child("Process", null).config(null);
  deepStrictEqual(Object.keys(config), Object.keys(real));
  strictEqual(config.script, real.script);
  if (boot[0] !== Kind.Boot) throw new Error("no work");
  const work = loads(boot[3], { fromParent: true }) as Record<string, unknown>;
  strictEqual(work["class"], "Process");
  strictEqual(work["target"], Object.is);
});
