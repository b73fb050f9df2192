/**
 * The floors of `src/` and the imports that they allow, as rules for dependency-cruiser,
 * which sees dynamic imports and imports of types as well as the others. Only the tables
 * change when a folder comes, goes or moves.
 *
 * A room is a folder of `src/`, or the file of that name at the top level (an entry). A
 * room may import from its own floor and from those below.
 *
 * @module
 */
import type { IConfiguration, IForbiddenRuleType } from "dependency-cruiser";

/** The floors, lowest first, and the rooms on each. */
const FLOORS: string[][] = [
  ["runtime", "collections"],
  ["python"],
  ["wire"],
  ["codec", "hub", "pickle", "functions"],
  ["reduction"],
  ["link"],
  ["process"],
  ["queues", "synchronize", "connection", "pool"],
  ["shared_memory", "resource_tracker", "sharedctypes"],
  ["managers"],
  [
    "inspect",
    "context",
    "dummy",
    "redis",
    "util",
    "spawn",
    "heap",
    "forkserver",
    "startup/standard",
    "startup/public_functions",
    "startup/public_names",
  ],
  ["startup/deferred"],
  ["agent"],
  ["startup/child_program"],
  ["startup/child_mode"],
  ["startup/child"],
  ["child"],
];

/** The file that only entries import, although it is above them: it loads deferred modules. */
const DEFERRED = "startup/(deferred|child_mode)";

/** Rooms that may import less than their floor allows, and their only imports. */
const CLOSED: Record<string, string> = {
  runtime: "runtime",
  wire: "wire|runtime/brands|runtime/switches|python/errors|python/repr",
  codec: "codec|runtime/brands|wire/bytes|python/errors|python/repr",
  hub: "hub|collections|wire/message|python/errors|python/repr",
  functions:
    "functions|runtime/mod|runtime/evaluation|runtime/own_program|python/(errors|stack)",
};

/** The one file that may import a library, for each library. */
const LIBRARIES: Record<string, string> = {
  "cbor-x": "codec/codec",
  "cli-progress": "pool/progress",
};

/** Modules that `mod.ts` does not load at once, so that every program starts sooner. */
const PUT_OFF = [
  ...["managers", "managers/deferred", "connection", "connection/listener"],
  ...["connection/relay", "runtime/sockets", "pickle/reader", "pickle/types"],
  ...["inspect", "inspect/observer", "inspect/session", "inspect/report"],
];

/** More modules that a child does not load at once. */
const PUT_OFF_IN_CHILDREN = [
  ...["link/root", "hub/hub", "context", "context/context", "queues", "queues/queue"],
  ...["synchronize", "connection/pipe", "pool", "pool/pool", "managers/sync_manager"],
  ...["runtime/async_context", "python/inherited_log", "python/log", "python/logging"],
  ...["python/percent", "runtime/channels_now"],
];

/** A pattern of the paths of these files of `src/`. */
function files(...names: string[]): string {
  return `^src/(${names.join("|")})\\.ts$`;
}

/** A pattern of the paths of these files, and of all in folders that are named so. */
function within(...names: string[]): string {
  return `^src/(${names.join("|")})(\\.ts$|/)`;
}

/** A pattern of the paths of all that is on these floors. */
function onFloors(floors: string[][]): string {
  return within(...floors.flat());
}

/** A condition of the library on the importing or the imported file. */
type End = Record<string, unknown>;

function rule(name: string, from: End, to: End): IForbiddenRuleType {
  return { name, severity: "error", from, to } as unknown as IForbiddenRuleType;
}

/** Every file of `src/` that has a place. */
export const IN_ROOM: RegExp = new RegExp(onFloors(FLOORS));

/** Names in the lists above: each must fit a file, or it is a leftover. */
export const NAMED: RegExp[] = [
  ...PUT_OFF,
  ...PUT_OFF_IN_CHILDREN,
  ...Object.values(LIBRARIES),
  DEFERRED,
].map((name) => new RegExp(files(name)));

const upward = FLOORS.slice(0, -1).map((floor, i) =>
  rule(
    "imports upward",
    { path: onFloors([floor]) },
    { path: onFloors(FLOORS.slice(i + 1)), pathNot: files(DEFERRED) },
  )
);

const closed = Object.entries(CLOSED).map(([name, allowed]) =>
  rule(
    `${name}/ must not import this`,
    { path: `^src/${name}/` },
    { path: "^src/", pathNot: within(allowed) },
  )
);

const libraries = Object.entries(LIBRARIES).map(([library, file]) =>
  rule(
    `only src/${file}.ts may import ${library}`,
    { path: "^src/", pathNot: files(file) },
    { path: `/node_modules/${library}/` },
  )
);

/** Rules for all imports, those at run time and those of types included. */
export const RULES: IConfiguration = {
  forbidden: [
    rule("imports in a ring", {}, { circular: true }),
    ...upward,
    ...closed,
    ...libraries,
    rule(
      "only entries may import this",
      { path: "^src/.+/", pathNot: "^src/startup/" },
      { path: files(DEFERRED) },
    ),
    rule(
      "imports a library that layers.ts does not list",
      { path: "^src/" },
      {
        path: "node_modules/",
        pathNot: `/node_modules/(${Object.keys(LIBRARIES).join("|")})/`,
      },
    ),
    rule(
      "only src/runtime/ may import what comes with Node",
      { path: "^src/", pathNot: "^src/runtime/" },
      { dependencyTypes: ["core"] },
    ),
    rule("cannot be found", { path: "^(src/|mod)" }, { couldNotResolve: true }),
  ],
};

/** Rules for the modules that an entry loads: no dynamic imports, none of types. */
export const LOADING_RULES: IConfiguration = {
  forbidden: [
    rule("mod.ts loads what is put off", { path: "^mod\\.ts$" }, {
      path: files(...PUT_OFF),
      reachable: true,
    }),
    rule("a child loads what is put off", { path: files("startup/child") }, {
      path: files(...PUT_OFF, ...PUT_OFF_IN_CHILDREN),
      reachable: true,
    }),
    rule(
      "an observer loads what a child puts off",
      { path: files("inspect/observer") },
      {
        path: files(...PUT_OFF_IN_CHILDREN, "link/handle"),
        reachable: true,
      },
    ),
    rule(
      "only ./redis loads what is on a server",
      { path: "^(mod|src/[^/]+)\\.ts$", pathNot: files("redis", "agent") },
      { path: "^src/redis/", reachable: true },
    ),
  ],
};
