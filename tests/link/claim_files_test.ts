import { deepStrictEqual, notStrictEqual, strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { acceptClaims, offerClaims } from "../../src/link/claim_files.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";

turnAllOn();

const OBJECT = 5;

test("offerClaims: both sides see what the other one does, and no name is left", () => {
  const offered = offerClaims()!;
  strictEqual(offered.log, undefined);
  deepStrictEqual(offered.paths.map((path) => existsSync(path)), [true, true]);
  const holder = acceptClaims(offered.paths)!;
  offered.opened(() => {});
  deepStrictEqual(offered.paths.map((path) => existsSync(path)), [false, false]);
  for (let n = 0; n < 20_000; n++) strictEqual(holder.advance(OBJECT, n + 1), n);
  strictEqual(offered.log!.look(OBJECT), 20_000);
  strictEqual(offered.log!.advance(OBJECT, 20_005), 20_000);
  strictEqual(holder.advance(OBJECT, 20_001), 20_005);
  holder.close();
  offered.close();
  strictEqual(offered.log, undefined);
});

test("acceptClaims: what cannot be opened is not", () => {
  const offered = offerClaims()!;
  offered.close();
  offered.close();
  strictEqual(acceptClaims(offered.paths), undefined);
  strictEqual(acceptClaims(["/nowhere/1", "/nowhere/2"]), undefined);
});

test("offerClaims: each offer is one of its own", () => {
  const one = offerClaims()!, other = offerClaims()!;
  notStrictEqual(one.paths[0], other.paths[0]);
  one.close();
  other.close();
});
