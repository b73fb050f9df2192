/**
 * Generated programs of each kind, in CPython and here: each step comes to the same. Many
 * more are compared by `deno task differential`, which also makes those that differ
 * smaller.
 */
import { ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { pythonVersions, remembered } from "../helpers/python.ts";
import { runtimeName, test } from "../suite.ts";
import { emit } from "./emit.ts";
import { KINDS, programsOf } from "./kinds/mod.ts";
import { compare, pythonSide, runtimeSide } from "./run.ts";

const SEED = Number(process.env["DIFFERENTIAL_SEED"] ?? 20261130);
const RUNS = Number(process.env["DIFFERENTIAL_RUNS"] ?? 1);

const python = pythonVersions().find(({ version }) => version.startsWith("3.13."));
const config = fileURLToPath(new URL("../../deno.json", import.meta.url));
const command = runtimeName === "deno"
  ? [process.execPath, "run", "-A", `--config=${config}`]
  : [process.execPath];

for (const [kind, { without }] of Object.entries(KINDS)) {
  addTest(kind, kind);
  if (without !== undefined) {
    addTest(kind, `${kind} without ${without}`, { MULTIPROCESSING_WITHOUT: without });
  }
}

function addTest(kind: string, title: string, env: Record<string, string> = {}): void {
  const ourSide = runtimeSide(command, env);
  test(`generated programs do what CPython does: ${title}`, async () => {
    for (let n = 0; n < RUNS; n++) {
      const programs = programsOf(kind, SEED, n);
      const emitted = emit(programs);
      const name = ["differential", kind, String(SEED), String(n)];
      const [theirs, ours] = await Promise.all([
        remembered(name, () => pythonSide(python!)(emitted)),
        ourSide(emitted),
      ]);
      const [first] = compare(emitted, programs, theirs, ours);
      const how = `step ${first?.key}: ${first?.code.py}\n` +
        `deno task differential --kinds="${kind}" --seed=${SEED} --lines=1`;
      strictEqual(first?.ours, first?.theirs, how);
      ok(Object.keys(ours.lines).length > 20);
    }
  }, {
    skip: python === undefined && "no CPython 3.13 on this machine",
    timeout: 120,
  });
}
