/**
 * Checks the layout of the sources: the imports by the rules of `scripts/layers.ts`, the
 * test of each file, and the places of the faults in `scripts/mutants.ts`. Rules for single
 * files are in `scripts/lint_plugin.ts`.
 *
 * @module
 */
import { cruise, type ICruiseOptions, type ICruiseResult } from "dependency-cruiser";
import { NAMED_TESTS } from "./columns.ts";
import { IN_ROOM, LOADING_RULES, NAMED, RULES } from "./layers.ts";
import { MUTANTS } from "./mutants.ts";
import { config, filesUnder, ROOT } from "./project.ts";

/** Files that the top level of `src/` may have. */
const MAX_AT_TOP = 20;

/** Files that need no test at the same path, and why. */
const UNTESTED: Record<string, string> = {
  "child": "a program: every test that starts a process runs it",
  "startup/standard": "a list of what programs import",
  "startup/public_names": "a list as well",
  "startup/deferred": "every test that sends a shared object to a process loads one",
  "hub/object": "types only",
  "pool/turn": "types only",
  "inspect/snapshot": "types only",
  "synchronize/lock_options": "types only",
  "runtime/types": "types only",
  "wire/message": "types only",
};

/** Inner parts, and the file beside them whose test looks after them. */
const TESTED_WITH: Record<string, string> = {
  "codec/.*": "codec/codec",
  "functions/.*": "reduction/mod",
  "inspect/trace_spans": "inspect/trace",
  "inspect/(account|helpers)": "inspect/finder",
  "inspect/facts": "inspect/managed",
  "managers/types/description": "managers/account",
  "inspect/page/.*": "inspect/page",
  "link/handle": "synchronize",
  "pickle/.*": "pickle/reader",
  "runtime/(bun|deno|node)": "runtime/mod",
  "runtime/async_context": "python/thread",
  "runtime/channels_now": "runtime/channels",
  "runtime/evaluation_context": "runtime/evaluation",
  "runtime/orphan": "ends/root",
  "runtime/own": "runtime/life",
  "process/class_names": "process/base",
  "wire/schema": "wire/encoder",
  "python/(log_calls|inherited_log)": "python/log",
  "runtime/temp": "runtime/sockets",
  "runtime/mapping/.*": "runtime/mapping/mod",
  "pool/calls": "pool",
  "pool/worker_record": "pool/workers",
  "pool/traced_call": "pool/told_task",
  "managers/shared_memory_server": "managers/shared_memory_manager",
  "runtime/program_folder|link/program_end": "shared_memory/segments",
  "sharedctypes/factories": "differential/differential",
  "shared_memory": "cpython/test_shared_memory",
  "resource_tracker": "cpython/test_resource_tracker",
  "shared_memory/shared_memory": "cpython/test_shared_memory",
  "shared_memory/(cells|item_formats|shareable_list)": "cpython/test_shared_memory",
  "runtime/(modules|signals)/.*": "runtime/(modules|signals)/mod",
  "link/ends": "ends/root",
  "link/starting": "link/launch",
  "connection/end_stats": "stats",
  "connection/open_handle": "connection/connection",
  "runtime/(host|shield)": "hosts/relay",
  "process/original_dir|runtime/executable_path": "spawn",
  "dummy|dummy/manager": "dummy/values",
  "dummy/(channel|waits)": "dummy/synchronize",
  "link/(early|observed|watched)": "inspect",
  "runtime/optional_package|redis/driver/.*": "redis/driver/link",
  "redis/(base|object|making|queue_base|consumer)": "redis/queue",
  "redis/(semlock|waiting|errors)": "redis/lock",
  "redis/times": "redis/driver/link",
  "redis|redis/(mod|settings)": "redis/context",
  "redis/scripts/.*": "redis/(queue|lock)",
  "redis/process/.*": "redis/(process|agent)",
  "agent|redis/agent/.*|runtime/program": "redis/agent",
  "pool/crew": "redis/pool/pool",
  "redis/pool/floats": "redis/pool/messages",
  "redis/pool/(crew|members|pool_object|results|starter|submitter|ticket|worker)":
    "redis/pool/pool",
  "redis/references": "redis/manager/manager",
  "redis/manager/(canonical|cells|container)": "redis/manager/list",
  "redis/manager/(entries|iterator)": "redis/manager/dict",
  "redis/manager/(channel|types|array|namespace|queue|locks)": "redis/manager/manager",
  "queues/signatures": "queues",
  "synchronize/signatures": "synchronize",
};

/** Problems that were found, a line for each. */
const problems: string[] = [];
const sources = filesUnder("src", ".ts").map((path) => path.slice(4, -3));
const tests = new Set(filesUnder("tests", "_test.ts").map((path) => path.slice(6, -8)));

/** Whether an alternative of a pattern in a table is the name of a file. */
function fits(pattern: string, name: string): boolean {
  return new RegExp(`^(${pattern})$`).test(name);
}

/** Applies rules to all imports; gives how many there are. */
async function checkImports(
  { forbidden }: typeof RULES,
  options: ICruiseOptions,
): Promise<number> {
  const { output } = await cruise(
    ["mod.ts", "src"],
    {
      ...options,
      baseDir: ROOT,
      ruleSet: { forbidden: forbidden! },
      validate: true,
      doNotFollow: { path: "node_modules" },
    },
    { extensions: [".ts", ".js"] },
  );
  const { modules, summary } = output as ICruiseResult;
  for (const { rule, from, to, cycle, via } of summary.violations) {
    const way = (cycle ?? via)?.map(({ name }) => name) ?? [to];
    problems.push(`${from}: ${rule.name}: ${way.join(" → ")}`);
  }
  return modules.length === 0 ? 0 : summary.totalDependenciesCruised ?? 0;
}

/** Each file has a room, and each name in the tables has a file. */
function checkPlaces(): void {
  const paths = sources.map((name) => `src/${name}.ts`);
  for (const path of paths) {
    if (!IN_ROOM.test(path)) problems.push(`${path}: in no room of scripts/layers.ts`);
  }
  for (const name of NAMED) {
    if (!paths.some((path) => name.test(path))) {
      problems.push(`scripts/layers.ts: no file is like ${name}`);
    }
  }
  const atTop = sources.filter((name) => !name.includes("/")).length;
  if (atTop > MAX_AT_TOP) {
    problems.push(`src: ${atTop} files at the top level: at most ${MAX_AT_TOP}`);
  }
  for (const [entry, target] of Object.entries(config.exports)) {
    if (target !== "./mod.ts" && !paths.includes(target.slice(2))) {
      problems.push(`deno.json: the export ${entry} has no file ${target}`);
    }
  }
}

/** Each file has a test at its own path, or at that of its entry; each name a file. */
function checkTests(): void {
  for (const pattern of [...Object.keys(UNTESTED), ...Object.keys(TESTED_WITH)]) {
    if (!sources.some((name) => fits(pattern, name))) {
      problems.push(`scripts/check_layout.ts: no source is like ${pattern}`);
    }
  }
  for (const start of NAMED_TESTS) {
    if (![...tests].some((name) => `${name}_test`.startsWith(start))) {
      problems.push(`scripts/columns.ts: no test begins with ${start}`);
    }
  }
  for (const name of sources) {
    const folders = name.split("/").slice(0, -1).map((_, i, parts) =>
      parts.slice(0, i + 1).join("/")
    );
    const standIns = Object.entries(TESTED_WITH)
      .filter(([parts]) => fits(parts, name)).map(([, test]) => test);
    standIns.push(name, ...folders.filter((folder) => sources.includes(folder)));
    if (Object.keys(UNTESTED).some((pattern) => fits(pattern, name))) continue;
    if ([...tests].some((test) => standIns.some((one) => fits(one, test)))) continue;
    problems.push(`src/${name}.ts: no test at tests/${name}_test.ts`);
  }
}

/** Each small fault of `deno task mutate` has its place. */
function checkMutants(): void {
  for (const { name, file, text } of MUTANTS) {
    const places = Deno.readTextFileSync(`${ROOT}/${file}`).split(text).length - 1;
    if (places !== 1) problems.push(`the mutant ${name}: ${places} places in ${file}`);
  }
}

Deno.chdir(ROOT); // where the library looks for what it is told
const count = await checkImports(RULES, { tsPreCompilationDeps: true });
await checkImports(LOADING_RULES, { exclude: { dynamic: true } });
checkPlaces();
checkTests();
checkMutants();
for (const problem of problems) console.log(problem);
console.log(`${sources.length} files, ${count} imports, ${problems.length} problems`);
if (problems.length > 0) Deno.exit(1);
