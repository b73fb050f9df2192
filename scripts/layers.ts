/**
 * The floors of `src/` and what may import what, as rules for dependency-cruiser, which
 * sees dynamic imports and imports of types as well as the others. The tables are all
 * there is to change when a folder comes, goes or moves.
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
  ["codec", "wire"],
  ["hub", "pickle", "functions"],
  ["reduction"],
  ["link", "process", "context/start_method"],
  ["queues", "synchronize", "connection"],
  ["pool"],
  ["managers"],
  ["progress", "context(?!/start_method)", "entries", "standard", "deferred"],
  ["child_program"],
  ["child"],
];

/** What a room also holds as long as it is not in the room's folder. */
const ELSEWHERE: Record<string, string> = {
  python:
    "arguments|callable|errors|finalize|log|logging|numbers|percent|repr|suggest|" +
    "thread|traceback|util",
  reduction: "forking_pickler",
  link: "attention|bypass|child_link|claim_files|ends|inbox|interrupt|last_lines|" +
    "families|mailbox|ordered_sender|output|peer|permissions|permitted|root|spawn|popen_spawn|waiting",
  process: "authkey|parent_process|process_\\w+|start_method",
  queues: "queue_\\w+",
};

/** The file that loads modules when something arrives: it looks upward; entries import it. */
const DEFERRED = "deferred|families";

/** Rooms that may import less than their floor allows: only from what is listed. */
const CLOSED: Record<string, string> = {
  runtime: "runtime",
  codec: "codec|wire/bytes|runtime/switches|python/errors|python/repr|errors|repr",
  wire: "wire|codec|runtime/switches|python/errors|python/repr|errors|repr",
  hub: "hub|collections|wire/message|python/errors|python/repr|errors|repr",
};

/** The one file that may import a library, for each library. */
const LIBRARIES: Record<string, string> = {
  "cbor-x": "wire/codec|codec/codec",
  "cli-progress": "progress",
};

/** What `mod.ts` does not load at once, as every program would start later by it. */
const PUT_OFF = [
  ...[
    "managers",
    "managers/parts|managers/deferred",
    "connection",
    "connection/listener",
  ],
  ...["connection/relay(ed)?", "runtime/sockets", "pickle|wire/pickle"],
  "(wire/)?pickle/types",
];

/** What a child does not load at once besides. */
const PUT_OFF_IN_CHILDREN = [
  ...["(link/)?root", "hub/hub", "context", "queues", "synchronize", "connection/pipe"],
  ...["pool", "managers/sync_manager", "runtime/async_context"],
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
  return within(...floors.flat().flatMap((room) => [room, ELSEWHERE[room] ?? room]));
}

/** Where the importing and the imported file are, as the library wants it said. */
type End = Record<string, unknown>;

function rule(name: string, from: End, to: End): IForbiddenRuleType {
  return { name, severity: "error", from, to } as unknown as IForbiddenRuleType;
}

/** Every file of `src/` that has a place. */
export const IN_ROOM: RegExp = new RegExp(onFloors(FLOORS));

/** Names in the lists above each of which must fit a file: others are leftovers. */
export const NAMED: RegExp[] = [
  ...PUT_OFF,
  ...PUT_OFF_IN_CHILDREN,
  ...Object.values(LIBRARIES),
  DEFERRED,
].map((name) => new RegExp(files(name)));

const upward = FLOORS.slice(0, -1).map((floor, i) =>
  rule(
    "imports upward",
    { path: onFloors([floor]), pathNot: files(DEFERRED) },
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
    rule("imports in a ring", {}, {
      circular: true,
      viaOnly: { pathNot: files(DEFERRED) },
    }),
    ...upward,
    ...closed,
    ...libraries,
    rule("only entries may import this", { path: "^src/(?!entries/).+/" }, {
      path: files(DEFERRED),
    }),
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

/** Rules for what is loaded with an entry: no dynamic imports, none of types. */
export const LOADING_RULES: IConfiguration = {
  forbidden: [
    rule("mod.ts loads what is put off", { path: "^mod\\.ts$" }, {
      path: files(...PUT_OFF),
      reachable: true,
    }),
    rule("a child loads what is put off", { path: files("child") }, {
      path: files(...PUT_OFF, ...PUT_OFF_IN_CHILDREN),
      reachable: true,
    }),
  ],
};
