/**
 * Processes are killed at random instants while they write Values and Arrays and make new
 * ones: no process sees half a value, and nothing is left in the folder of shared memory.
 * `KILL_ROUNDS` and `KILL_SEED` in the environment change how often, and which instants.
 *
 * @module
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import process from "node:process";
import { Array as SharedArray, Value } from "../../src/sharedctypes.ts";
import { hammer } from "../sharedctypes/targets.ts";
import { random } from "./items.ts";
import { test } from "../suite.ts";
import { nextTurn, started } from "../cpython/helpers/checks.ts";

const ROUNDS = Number(process.env["KILL_ROUNDS"] ?? 40);
const SEED = Number(process.env["KILL_SEED"] ?? 20261129);
const PATTERNS = [0, 1.1, -(2 ** 52) - 0.5, 1 / 3, Number.MAX_VALUE];
const BIG = [0n, 0x7fff_ffff_ffff_ffffn, -0x7fff_ffff_ffff_ffffn];

/** What this program has in memory: folders, and what is in them. */
function files(): string[] {
  if (!existsSync("/dev/shm")) return [];
  const own = `-${process.pid.toString(36)}-`;
  return readdirSync("/dev/shm").filter((name) => name.includes(own))
    .flatMap((name) => [name, ...readdirSync(`/dev/shm/${name}`)]).sort();
}

test(
  "SIGKILL of those who write Values and make them: none is torn, nothing is left",
  async () => {
    const next = random(SEED);
    const number = Value("d", 0), big = Value("q", 0), array = SharedArray("d", 16);
    const before = files();
    const start = () =>
      started(hammer, [number, big, array, Math.floor(next() * 1000)]);
    let looks = 0;
    const check = () => {
      looks++;
      ok(PATTERNS.includes(number.value), `torn: ${number.value}`);
      ok(BIG.includes(BigInt(big.value)), `torn: ${big.value}`);
      for (const value of array) ok(PATTERNS.includes(value), `torn: ${value}`);
    };
    for (let round = 0; round < ROUNDS; round += 2) {
      number.value = 0;
      const children = await Promise.all([start(), start()]);
      let end = Infinity; // until one of them has begun
      while (performance.now() < end) {
        for (let n = 0; n < 50; n++) check();
        await nextTurn();
        if (end === Infinity && number.value !== 0) {
          end = performance.now() + next() * 60;
        }
      }
      for (const child of children) child.kill();
      await Promise.all(children.map((child) => child.join()));
      check();
    }
    ok(looks > ROUNDS);
    deepStrictEqual(files(), before);
  },
  { timeout: 300, leaks: "arenas stay open until the process ends" },
);
