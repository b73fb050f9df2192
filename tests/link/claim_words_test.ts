import { strictEqual } from "node:assert/strict";
import { existsSync } from "node:fs";
import { acceptClaims, acceptWords, offerClaims } from "../../src/link/claim_files.ts";
import { canMap } from "../../src/runtime/mapping/mod.ts";
import { switches } from "../../src/runtime/switches.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";
import { deferred } from "../helpers/deferred.ts";

turnAllOn();
// Loads a library for good.
const skip = !canMap() && "this runtime maps no memory";

const OBJECT = 5;

/** The claims of a log that is used much, and the path of the words that are offered then. */
async function usedMuch() {
  const offered = offerClaims()!;
  const holder = acceptClaims(offered.paths)!;
  const told = deferred<string>();
  offered.opened(told.resolve);
  for (let n = 0; n < 2000; n++) holder.advance(OBJECT, n + 1);
  strictEqual(offered.log!.look(OBJECT, 2000), 2000);
  return { offered, holder, path: await told.promise };
}

test(
  "acceptWords: a log that is used much goes on in memory, without a name",
  async () => {
    if (!canMap()) return;
    const { offered, holder, path } = await usedMuch();
    strictEqual(existsSync(path), true);
    strictEqual(holder.advance(OBJECT, 2001), 2000);
    await acceptWords(holder, path);
    strictEqual(existsSync(path), false);
    for (let n = 2001; n < 50_000; n++) strictEqual(holder.advance(OBJECT, n + 1), n);
    strictEqual(offered.log!.look(OBJECT, 50_000), 50_000);
    strictEqual(offered.log!.advance(OBJECT, 50_005), 50_000);
    strictEqual(holder.advance(OBJECT, 50_001), 50_005);
    holder.close();
    offered.close();
    strictEqual(holder.advance(OBJECT, 50_006), undefined);
  },
  { skip },
);

test(
  "acceptWords: who cannot map goes on in the files, and no name is left",
  async () => {
    if (!canMap()) return;
    const { offered, holder, path } = await usedMuch();
    switches.mapping = false;
    await acceptWords(holder, path);
    switches.mapping = true;
    strictEqual(holder.advance(OBJECT, 2001), 2000);
    strictEqual(offered.log!.look(OBJECT, 2001), 2001);
    strictEqual(existsSync(path), false);
    strictEqual(offered.log!.advance(OBJECT, 2005), 2001);
    strictEqual(holder.advance(OBJECT, 2002), 2005);
    holder.close();
    offered.close();
  },
  { skip },
);

test(
  "offerClaims: words that nobody has opened have no name when all is closed",
  async () => {
    if (!canMap()) return;
    const { offered, holder, path } = await usedMuch();
    offered.close();
    strictEqual(existsSync(path), false);
    holder.close();
  },
  { skip },
);
