/**
 * `_TestImportStar` and `MiscTestCase.test__all__` of CPython 3.13's
 * `test/_test_multiprocessing.py`. Written afresh.
 *
 * Changed: the names are those of CPython's modules, and each is exported here or is one of
 * the absent ones that `docs/differences.md` lists. What we have beyond them is compared by
 * `scripts/check_api.ts`, for all modules.
 */
import { deepStrictEqual, ok } from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import * as multiprocessing from "../../mod.ts";
import { askPython, pythonTest } from "../helpers/python.ts";

/** The entry of each of CPython's modules that has one here. */
const ENTRIES: Record<string, () => Promise<object>> = {
  "multiprocessing": () => Promise.resolve(multiprocessing),
  "multiprocessing.connection": () => import("../../src/connection.ts"),
  "multiprocessing.context": () => import("../../src/context.ts"),
  "multiprocessing.dummy": () => import("../../src/dummy.ts"),
  "multiprocessing.dummy.connection": () => import("../../src/dummy/connection.ts"),
  "multiprocessing.forkserver": () => import("../../src/forkserver.ts"),
  "multiprocessing.heap": () => import("../../src/heap.ts"),
  "multiprocessing.managers": () => import("../../src/managers.ts"),
  "multiprocessing.pool": () => import("../../src/pool.ts"),
  "multiprocessing.process": () => import("../../src/process.ts"),
  "multiprocessing.queues": () => import("../../src/queues.ts"),
  "multiprocessing.reduction": () => import("../../src/reduction.ts"),
  "multiprocessing.resource_tracker": () => import("../../src/resource_tracker.ts"),
  "multiprocessing.shared_memory": () => import("../../src/shared_memory.ts"),
  "multiprocessing.sharedctypes": () => import("../../src/sharedctypes.ts"),
  "multiprocessing.spawn": () => import("../../src/spawn.ts"),
  "multiprocessing.synchronize": () => import("../../src/synchronize.ts"),
  "multiprocessing.util": () => import("../../src/util.ts"),
};

/** The processes of start methods, which are no modules that anybody imports from. */
const INSIDE = /\.popen_\w+$/;

const ABSENT = new URL("../../scripts/api_absent.json", import.meta.url);
const HERE = { skip: !existsSync(ABSENT) && "the list of absent names is not here" };

/** The names of modules that are not here: `*` is all. */
function absentNames(): Record<string, string[]> {
  const { modules } = JSON.parse(readFileSync(ABSENT, "utf8")) as {
    modules: Record<string, { names: string[] }[]>;
  };
  return Object.fromEntries(
    Object.entries(modules).map(([module, groups]) => {
      return [module, groups.flatMap(({ names }) => names)];
    }),
  );
}

/** The names of `__all__` that are neither exported nor absent. */
async function missingFrom(all: Record<string, string[]>): Promise<string[]> {
  const absent = absentNames();
  const missing: string[] = [];
  for (const [module, names] of Object.entries(all)) {
    const exported = await ENTRIES[module]?.() ?? {};
    const known = absent[module] ?? [];
    if (known.includes("*")) continue;
    missing.push(
      ...names.filter((name) => !(name in exported) && !known.includes(name))
        .map((name) => `${module}.${name}`),
    );
  }
  return missing;
}

const NAMES = `
import glob, importlib, json, os, multiprocessing
folder = os.path.dirname(multiprocessing.__file__)
files = glob.glob(folder + '/*.py') + glob.glob(folder + '/dummy/*.py')
names = [os.path.relpath(file, folder)[:-3].replace(os.sep, '.') for file in files]
found = {}
for name in names:
    if name == 'popen_spawn_win32': continue
    name = ('multiprocessing.' + name).removesuffix('.__init__')
    found[name] = importlib.import_module(name).__all__
print(json.dumps(found))
`;

pythonTest("_TestImportStar.test_import", async () => {
  const all: Record<string, string[]> = await askPython(NAMES);
  const modules = Object.keys(all).filter((name) => !INSIDE.test(name));
  ok(modules.length > 15, String(modules));
  const chosen = modules.map((name) => [name, all[name]!] as const);
  deepStrictEqual(await missingFrom(Object.fromEntries(chosen)), []);
}, HERE);

pythonTest("MiscTestCase.test__all__", async () => {
  const { multiprocessing: names } = await askPython(NAMES);
  for (const name of ["SUBDEBUG", "SUBWARNING"]) { // are there, but not in it
    ok(name in multiprocessing && !names.includes(name));
  }
  deepStrictEqual(await missingFrom({ multiprocessing: names }), []);
}, HERE);
