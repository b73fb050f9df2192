/**
 * The columns of the test run: which runtime runs which tests, and how.
 *
 * @module
 */
import type { RuntimeId } from "./runtimes.ts";

/** One way of running the tests. */
export interface Column {
  name: string;
  runtime: RuntimeId;
  /** Whether the tests are compiled and use the package installed from its tarball. */
  installed: boolean;
  files: (path: string) => boolean;
  /** Whether it must run as many tests of each file as the other such columns. */
  compared: boolean;
  /** More variables of the tests' environment. */
  env?: Record<string, string>;
  /** Programs that are taken off the `PATH`. */
  without?: string[];
}

/** Seconds for one file on one runtime. */
export const FILE_TIMEOUT = 300;

/** Tests that show that a column works which does not run the whole suite. */
const SMOKE = ["process_test", "queues_test", "pool_test"];

/** Tests of code that only computes: no process, no file, nothing that a runtime provides. */
const PURE = [
  ...["wire/", "hub/", "codec/", "collections/", "pickle/", "pool/scheduler"],
  ...["functions/module_source", "python/arguments", "python/callable"],
  ...["python/errors", "python/numbers", "python/percent", "python/repr"],
];

/** Programs made of parts that other tests run. */
const EXAMPLES = ["examples/"];

/** Comparisons with CPython, which depend on our code and not on the runtime. */
const AS_CPYTHON = ["cpython/", "interop/", "bad_input/", "differential/"];

/** Those among them that use no queue, pipe, lock or pool, so that no mechanism has a part. */
const WITHOUT_OBJECTS = [
  ...["interop/", "bad_input/", "cpython/child_environment", "cpython/exitcode"],
  ...["cpython/naming", "cpython/nothing", "cpython/test_at_exit"],
  ...["cpython/test_close_fds", "cpython/test_no_fork_bomb", "cpython/test_finalize"],
  ...["cpython/test_flags", "cpython/test_logging", "cpython/test_names"],
  ...["cpython/test_start_method", "cpython/test_stdin", "cpython/test_subclassing"],
];

/** Managers and listeners, which talk by sockets: the mechanisms are those of links. */
const BY_SOCKETS = [
  ...["managers", "kill/managers", "cpython/test_managers", "cpython/test_listener"],
  ...["connection/address", "connection/handshake", "connection/listener"],
  ...["connection/message_socket", "connection/socket_transport"],
];

/** Processes on hosts, what they are allowed, what they hear of Ctrl-C: without mechanisms. */
const AROUND_PROCESSES = [
  "hosts/",
  ...["ends/ctrl_c", "process/permissions", "runtime/permissions/"],
  "security/permissions",
];

/** Hostile peers, which are refused in the same way on each runtime. */
const ATTACKS = [
  ...["security/managers", "security/payloads", "security/secrets"],
  ...["hub/hostile", "managers/hostile", "reduction/gadget"],
];

/** Tests that nobody waits behind another: decided in the hub and the pool's scheduler. */
const FAIRNESS = ["reach/"];

/** Kills at random instants, many times over. */
const BY_CHANCE = ["kill/"];

/** The mechanisms that exist for speed, each on its own. */
const MECHANISMS = [
  ...["runtime/speed/", "runtime/claim_file", "runtime/shared_file"],
  ...["link/claim_files", "link/fast_path", "link/ring", "link/shared_channel"],
  ...["link/word", "kill/words"],
];

/** The page in a browser, where it depends on no runtime; and what it is sent. */
const PAGE = ["inspect/page", "inspect/history"];

/** Tools of other people with all runtimes at once, and of ours: in one column. */
const TOOLS = [
  "tools/runners",
  "tools/versions",
  "tools/api",
  "tools/package",
  "tools/pages",
  "tools/charts",
  "tools/cases",
  "tools/deploy",
  "tools/hanging",
  "tools/module_script",
];

/** Shared memory itself. */
const SHARED_MEMORY = [
  ...["cpython/test_resource_tracker", "cpython/test_shared", "interop/shared_memory"],
  ...["kill/values", "runtime/mapping/", "shared_memory/"],
  "sharedctypes",
];

/**
 * What goes by mapped memory where a runtime has it, and otherwise in another way: shared
 * memory; locks; queues and pipes; and what kills leave of all that.
 */
const MAPPED = [
  ...SHARED_MEMORY,
  ...["synchronize", "cpython/test_lock", "cpython/test_semaphore"],
  ...["cpython/test_condition", "cpython/test_event", "cpython/test_barrier"],
  ...["queues", "cpython/test_queue", "cpython/test_simple_queue"],
  ...["connection/pipe", "cpython/test_connection", "cpython/test_poll"],
  ...["link/claim_files", "link/ring", "runtime/claim_file"],
  ...["kill/locks", "kill/pipes", "kill/pool", "kill/queues", "kill/words"],
  ...["link/word", "managers/shared_memory", "interop/runtimes"],
];

/** What Node makes executables of since version 25.5. */
const EXECUTABLES = ["tools/executables"];

/** What tools of Deno and Bun pack, which is the installed package. */
const PACKED = ["tools/bundles", "tools/executables"];

/** What is on a server, which is reached by a socket on each runtime. */
const ON_SERVER = ["redis/"];

/** Those among them that show that a column works. */
const ON_SERVER_SMOKE = ["redis/context", "redis/condition"];

/** What is compared with the documentation, which the compiled tests are without. */
const OF_SOURCES = ["process/permissions", "reduction/values", "redis/differences"];

/** The beginnings of paths above: each must fit a test, or it is a leftover. */
export const NAMED_TESTS: string[] = [
  ...[SMOKE, PURE, EXAMPLES, AS_CPYTHON, WITHOUT_OBJECTS, BY_SOCKETS],
  ...[AROUND_PROCESSES, ATTACKS, FAIRNESS, BY_CHANCE, MECHANISMS, MAPPED],
  ...[EXECUTABLES, PACKED, PAGE, TOOLS, ON_SERVER, ON_SERVER_SMOKE, OF_SOURCES],
].flat();

/**
 * What is done by chance is done less often in the columns than in a file that is run by
 * itself: most on Deno, and least where another column does the same. The CPythons beside
 * the default one are asked on Deno only: what they are sent does not depend on the runtime.
 */
const ON_DENO = { KILL_ROUNDS: "150", GADGET_MUTATIONS: "100000" };
const FEWER = {
  ...{ PIPE_WORLDS: "10000", MODEL_SEQUENCES: "10000", GADGET_MUTATIONS: "50000" },
  ...{ KILL_ROUNDS: "100", KILL_TASKS: "1000", RANDOM_SHARE: "0.2" },
  PYTHONS: "default",
};
const FEWEST = { ...FEWER, KILL_ROUNDS: "50", KILL_TASKS: "500" };

function isIn(path: string, starts: string[]): boolean {
  return starts.some((start) => path.startsWith(`tests/${start}`));
}

function smoke(path: string): boolean {
  return isIn(path, SMOKE);
}

function allBut(...spared: string[][]): (path: string) => boolean {
  return (path) => !isIn(path, spared.flat());
}

const dependsOnRuntime = allBut(
  ...[PURE, EXAMPLES, AS_CPYTHON, ATTACKS, FAIRNESS, BY_CHANCE, PAGE, TOOLS],
  ON_SERVER,
);

function mapped(path: string): boolean {
  return smoke(path) || isIn(path, MAPPED);
}

function packed(path: string): boolean {
  return smoke(path) || isIn(path, [...PACKED, ...ON_SERVER_SMOKE]);
}

/** Every column, in the order of the reports. */
export const COLUMNS: Column[] = [
  {
    name: "deno",
    runtime: "deno",
    installed: true,
    files: allBut(TOOLS),
    compared: true,
    env: ON_DENO,
  },
  {
    name: "bun",
    runtime: "bun",
    installed: false,
    files: allBut(TOOLS),
    compared: true,
    env: FEWER,
  },
  {
    name: "node24",
    runtime: "node24",
    installed: true,
    files: allBut(TOOLS),
    compared: true,
    env: FEWEST,
  },
  {
    name: "node26",
    runtime: "node26",
    installed: true,
    files: (path) => mapped(path) || isIn(path, EXECUTABLES),
    compared: true,
    env: FEWEST,
  },
  {
    name: "node20",
    runtime: "node20",
    installed: true,
    files: (path) => dependsOnRuntime(path) || isIn(path, ON_SERVER_SMOKE),
    compared: true,
    env: FEWEST,
  },
  {
    name: "plain",
    runtime: "node24",
    installed: true,
    files: allBut(
      ...[PURE, EXAMPLES, WITHOUT_OBJECTS, BY_SOCKETS, AROUND_PROCESSES, ATTACKS],
      ...[FAIRNESS, MECHANISMS, PAGE, TOOLS, PACKED, ON_SERVER],
    ),
    compared: true,
    env: { ...FEWEST, MULTIPROCESSING_PLAIN: "1" },
    without: ["mkfifo"],
  },
  {
    name: "deno-ts",
    runtime: "deno",
    installed: false,
    files: (path) => smoke(path) || isIn(path, [...TOOLS, ...OF_SOURCES]),
    compared: false,
  },
  { name: "bun-npm", runtime: "bun", installed: true, files: packed, compared: false },
  {
    name: "node24-ts",
    runtime: "node24",
    installed: false,
    files: smoke,
    compared: false,
  },
];

/**
 * The command that runs one test file and writes a JUnit report; `filter`, if not empty, is
 * a part of the names of the tests that are run.
 */
export const COMMANDS: Record<
  RuntimeId,
  (file: string, report: string, filter: string) => string[]
> = {
  deno: (file, report, filter) => [
    ...["test", "-A", "--no-check", `--junit-path=${report}`],
    ...(filter === "" ? [] : [`--filter=${filter}`]),
    file,
  ],
  bun: (file, report, filter) => [
    ...["test", `--timeout=${FILE_TIMEOUT * 1000}`],
    ...["--reporter=junit", `--reporter-outfile=${report}`],
    ...pattern(filter),
    `./${file}`,
  ],
  node24: node,
  node26: node,
  node20: node,
};

function node(file: string, report: string, filter: string): string[] {
  return [
    // Which Node's runner would have on in its children, so that a signal makes files.
    ...["--no-report-on-signal"],
    ...["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"],
    ...["--test-reporter=junit", `--test-reporter-destination=${report}`],
    ...pattern(filter),
    file,
  ];
}

/** The option of Bun and Node, which want a regular expression. */
function pattern(filter: string): string[] {
  const escaped = filter.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
  return filter === "" ? [] : [`--test-name-pattern=${escaped}`];
}

/** A folder of links to all programs on the `PATH` but these, to be the whole `PATH`. */
export function pathWithout(programs: string[], folder: string): string {
  Deno.mkdirSync(folder);
  for (const place of (Deno.env.get("PATH") ?? "").split(":")) {
    try {
      for (const { name } of Deno.readDirSync(place)) {
        if (!programs.includes(name)) link(`${place}/${name}`, `${folder}/${name}`);
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return folder;
}

/** Links to a program; to the first of that name, as a search of the `PATH` would. */
function link(from: string, to: string): void {
  try {
    Deno.symlinkSync(from, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
  }
}
