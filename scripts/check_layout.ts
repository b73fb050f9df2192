/**
 * Checks that the sources are laid out as agreed: what may import what, what may be said
 * where, how long a file may be, which test belongs to which file. The agreements are the
 * data below; the code reads syntax trees, so that comments and strings cannot mislead.
 *
 * @module
 */
import ts from "typescript";
import { config, filesUnder, ROOT } from "./project.ts";

/**
 * The layers, lowest first. A file may import from lower layers and from its own, but
 * never in a ring. Names are files under `src/` without `.ts`; `x/*` is a folder with all
 * that is in it.
 * A file that no layer names fails the check.
 */
const LAYERS: string[][] = [
  ["python/repr"],
  ["python/errors", "python/errors/*"],
  [
    ...["python/numbers", "python/percent", "python/arguments", "callable"],
    ...["last_lines", "start_method"],
  ],
  ["collections/*", "runtime/*", "wire/*"],
  ["python/logging", "python/log", "python/util", "python/traceback"],
  [
    ...[
      "hub/*",
      "peer",
      "bypass",
      "claim_files",
      "attention",
      "child_link",
      "families",
      "output",
    ],
    ...["link/*", "inbox", "mailbox"],
    ...["reduction", "reduction/*", "forking_pickler"],
  ],
  [
    ...[
      "authkey",
      "python/thread",
      "root",
      "ends",
      "spawn",
      "popen_spawn",
      "parent_process",
    ],
    ...["process", "process_base", "process_classes", "process_current"],
    ...["process_exit", "process_identity", "process_options"],
    ...["process_special", "process_standard", "process_text"],
    ...["permissions", "permitted"],
  ],
  [
    ...["queues", "queues/*"],
    ...["synchronize", "synchronize/*"],
    ...["connection", "connection/*", "shared_memory", "shared_memory/*"],
  ],
  ["sharedctypes", "sharedctypes/*", "pool", "pool/*", "managers", "managers/*"],
  ["dummy", "dummy/*", "progress"],
  ["context"],
  ["child_program"],
  ["child"],
];

/** Folders that may import less than their layer allows: only what is listed. */
const CLOSED: Record<string, string[]> = {
  "runtime/": ["runtime/"],
  "wire/": ["wire/", "python/errors", "python/repr", "cbor-x/encode", "cbor-x/decode"],
  "hub/": ["hub/", "collections/", "wire/message", "python/errors", "python/repr"],
};

/** The one file that may name a library, for each library. */
const LIBRARIES: Record<string, string> = {
  "cbor-x/encode": "wire/codec",
  "cbor-x/decode": "wire/codec",
  "cli-progress": "progress",
};

/** Files that load modules at run time, and which. */
const DYNAMIC_IMPORT: Record<string, string> = {
  families: "what is needed when something of a kind arrives",
  "managers/lazy": "what only programs with managers need",
  "reduction/resolve": "the module of a function or class that a message names",
  "runtime/locate_bun": "what looks into a module that is being evaluated",
  "runtime/peek": "the same",
  "runtime/locate_deno":
    "loaded modules, to look a function up; the inspector if allowed",
  "runtime/locate_node": "loaded modules, to look a function up",
};

/**
 * What `mod.ts` does not load at once, as that would make every program start later: see
 * managers/lazy.ts.
 */
const PUT_OFF = [
  ...["managers", "managers/parts", "connection", "connection/listener"],
  ...["connection/relay", "runtime/sockets", "wire/pickle", "wire/pickle/types"],
];

/** What a child does not load at once besides: see families.ts. */
const PUT_OFF_IN_CHILDREN = [
  ...["root", "hub/hub", "context", "queues/queue", "synchronize", "connection/pipe"],
  ...["pool", "managers/sync_manager", "runtime/async_context"],
];

/** Files that mirror one of CPython's under another name than their own. */
const TWINS: Record<string, string> = {
  popen_spawn: "popen_spawn_posix",
  "python/util": "util",
};

/** Files that need not have a test at the same path, and why. */
const UNTESTED: Record<string, string> = {
  "child": "a program: every test that starts a process runs it",
  "child_program": "that program",
  "families": "every test that sends a shared object to a process loads one",
  "hub/object": "types only",
  "runtime/types": "types only",
  "wire/codes": "numbers only",
  "wire/message": "types only",
};

/** Inner parts, and the file whose test looks after them. */
const TESTED_WITH: Record<string, string[]> = {
  "cpython/test_listener": ["connection/listener"],
  "process": [
    ...["parent_process", "process_base", "process_classes", "process_current"],
    ...["process_exit", "process_options", "process_special"],
    ...["process_standard", "process_text"],
  ],
  "hub/queue": ["hub/queue_consumers"],
  "spawn": ["root"],
  "python/thread": ["runtime/async_context"],
  "runtime/locate": ["inspector", "locate_bun", "locate_deno", "locate_node", "settled"]
    .map((name) => `runtime/${name}`),
  "runtime/sockets": ["runtime/temp"],
  "runtime/signals": ["runtime/signals_deno", "runtime/signals_node"],
  "ends/root": ["ends", "runtime/orphan"],
  "runtime/mod": ["runtime/bun", "runtime/deno", "runtime/node"],
  "wire/codec": ["plain", "prepare", "revive", "scalar", "scan", "wrapping"]
    .map((name) => `wire/${name}`),
};

/** Test files that may use timers, and why. */
const TIMERS_IN_TESTS: Record<string, string> = {};

/** Lines that a file may have. */
const MAX_LINES = 500;
const MAX_LINES_OF_MOD = 80;

/** Global names that only `src/runtime/` may say. */
const RUNTIME_GLOBALS = new Set([
  "Deno",
  "Bun",
  "process",
  "Buffer",
  "require",
  "__dirname",
  "__filename",
]);

/** The modules of CPython's package, which our files are named after. */
const CPYTHON_MODULES = new Set([
  "connection",
  "context",
  "managers",
  "pool",
  "popen_spawn",
  "process",
  "queues",
  "reduction",
  "resource_tracker",
  "shared_memory",
  "sharedctypes",
  "spawn",
  "synchronize",
  "python/util",
]);

const problems: string[] = [];

function complain(path: string, node: ts.Node | number, text: string): void {
  const line = typeof node === "number"
    ? node
    : node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1;
  problems.push(`${path}:${line}: ${text}`);
}

function parse(path: string): ts.SourceFile {
  const text = Deno.readTextFileSync(`${ROOT}/${path}`);
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

function forEachNode(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => forEachNode(child, visit));
}

// ---------------------------------------------------------------------- imports

/** One import: what is named, where, whether it is `import()`, or only of types. */
interface Import {
  specifier: string;
  node: ts.Node;
  dynamic: boolean;
  ofTypes: boolean;
}

function importsOf(file: ts.SourceFile): Import[] {
  const found: Import[] = [];
  forEachNode(file, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      const at = node.moduleSpecifier;
      if (at !== undefined && ts.isStringLiteral(at)) {
        const ofTypes = ts.isExportDeclaration(node)
          ? node.isTypeOnly
          : node.importClause?.isTypeOnly ?? false;
        found.push({ specifier: at.text, node, dynamic: false, ofTypes });
      }
    } else if (ts.isImportTypeNode(node)) {
      const specifier = node.argument.getText().slice(1, -1);
      found.push({ specifier, node, dynamic: false, ofTypes: true });
    } else if (
      ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
    ) {
      const at = node.arguments[0];
      const specifier = at !== undefined && ts.isStringLiteral(at) ? at.text : "";
      found.push({ specifier, node, dynamic: true, ofTypes: false });
    }
  });
  return found;
}

/** `wire/frame` for `./frame.ts` seen from `wire/codec`; a library's name as it is. */
function resolve(from: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier;
  const path = new URL(specifier, `file:///src/${from}.ts`).pathname;
  return path.replace(/^\/src\//, "").replace(/\.ts$/, "");
}

function layerOf(name: string): number {
  const folders = [name.replace(/\/.*/, "/*"), name.replace(/[^/]*$/, "*")];
  return LAYERS.findIndex((layer) =>
    layer.includes(name) || folders.some((folder) => layer.includes(folder))
  );
}

/** Gives the files that are named, and those among them that are loaded with this one. */
function checkImports(name: string, file: ts.SourceFile): [string[], string[]] {
  const path = `src/${name}.ts`;
  const own = layerOf(name);
  if (own < 0) {
    complain(path, 1, "in no layer: add it to LAYERS of scripts/check_layout.ts");
  }
  const targets: string[] = [];
  const loaded: string[] = [];
  for (const { specifier, node, dynamic, ofTypes } of importsOf(file)) {
    if (dynamic) {
      if (!(name in DYNAMIC_IMPORT)) complain(path, node, "import() inside the code");
      continue;
    }
    const target = resolve(name, specifier);
    if (/^(node|npm|jsr|https?):/.test(target)) {
      if (!target.startsWith("node:") || !name.startsWith("runtime/")) {
        complain(path, node, `imports ${target}`);
      }
      continue;
    }
    checkClosed(path, name, target, node);
    if (!specifier.startsWith(".")) {
      if (LIBRARIES[target] !== name) complain(path, node, `imports ${target}`);
      continue;
    }
    targets.push(target);
    if (!ofTypes) loaded.push(target);
    const layer = layerOf(target);
    if (layer > own && own >= 0) complain(path, node, `imports upward: ${target}`);
    if (layer < 0) complain(path, node, `imports what no layer names: ${target}`);
  }
  return [targets, loaded];
}

function checkClosed(path: string, name: string, target: string, node: ts.Node): void {
  for (const [folder, allowed] of Object.entries(CLOSED)) {
    if (!name.startsWith(folder)) continue;
    const fits = allowed.some((one) =>
      one.endsWith("/") ? target.startsWith(one) : target === one
    );
    if (!fits) complain(path, node, `${folder} must not import ${target}`);
  }
}

/** Complains of every import that closes a ring. */
function checkRings(graph: Map<string, string[]>): void {
  const done = new Set<string>();
  const visit = (name: string, trail: string[]) => {
    const at = trail.indexOf(name);
    if (at >= 0) {
      const ring = [...trail.slice(at), name].join(" → ");
      problems.push(`src: imports form a ring: ${ring}`);
      return;
    }
    if (done.has(name)) return;
    for (const next of graph.get(name) ?? []) visit(next, [...trail, name]);
    done.add(name);
  };
  for (const name of graph.keys()) visit(name, []);
}

/** Complains of what an entry loads at once though it is put off, and how it gets there. */
function checkPutOff(
  entry: string,
  names: string[],
  putOff: string[],
  loads: typeof graph,
): void {
  const trails = new Map(names.map((name) => [name, `${entry} → ${name}`]));
  for (const [name, trail] of trails) { // grows meanwhile
    if (putOff.includes(name)) problems.push(`loads what is put off: ${trail}`);
    else {
      for (const next of loads.get(name) ?? []) {
        if (!trails.has(next)) trails.set(next, `${trail} → ${next}`);
      }
    }
  }
}

// ------------------------------------------------------------------------ words

function checkWords(name: string, file: ts.SourceFile): void {
  const path = `src/${name}.ts`;
  const declared = declaredNames(file);
  const inRuntime = name.startsWith("runtime/");
  const inErrors = /^python\/errors(\/|$)/.test(name);
  forEachNode(file, (node) => {
    if (ts.isIdentifier(node) && !inRuntime && isRuntimeGlobal(node, declared)) {
      complain(path, node, `says ${node.text}, which only src/runtime/ may`);
    } else if (ts.isHeritageClause(node) && !inErrors && isErrorClass(node)) {
      complain(path, node, "defines an error class: those are in src/python/errors.ts");
    } else if (ts.isThrowStatement(node) && throwsPlainError(node)) {
      complain(path, node, "throws a plain Error: use a class of src/python/errors.ts");
    } else if (ts.isVariableDeclarationList(node) && isUsing(node)) {
      complain(path, node, "`using`, which Node 20 cannot read");
    } else if (ts.isExportAssignment(node) || isDefaultExport(node)) {
      complain(path, node, "a default export");
    } else if (node.kind === ts.SyntaxKind.PrivateKeyword) {
      complain(path, node, "`private`: use a #private name");
    }
  });
  for (const statement of file.statements) {
    if (ts.isVariableStatement(statement) && holdsArrow(statement)) {
      complain(path, statement, "an arrow function at top level: use `function`");
    }
  }
  if (name === "wire/message") {
    forEachNode(file, (node) => {
      if (ts.isFunctionLike(node) && "body" in node && node.body) {
        complain(path, node, "code among the message types");
      }
    });
  }
}

/** Names that the file itself declares: a local `process` is not the global one. */
function declaredNames(file: ts.SourceFile): Set<string> {
  const names = new Set<string>();
  forEachNode(file, (node) => {
    const isDeclaration = ts.isVariableDeclaration(node) || ts.isParameter(node) ||
      ts.isBindingElement(node) || ts.isImportSpecifier(node) ||
      ts.isFunctionDeclaration(node) || ts.isClassDeclaration(node) ||
      ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node);
    if (isDeclaration && node.name !== undefined && ts.isIdentifier(node.name)) {
      names.add(node.name.text);
    }
  });
  return names;
}

function isRuntimeGlobal(node: ts.Identifier, declared: Set<string>): boolean {
  if (!RUNTIME_GLOBALS.has(node.text)) return false;
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) {
    return parent.expression.getText() === "globalThis";
  }
  if (declared.has(node.text)) return false;
  // A key, a method's name, a parameter's name in a type: no use of the global.
  return !("name" in parent && parent.name === node) &&
    !(ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent));
}

function isErrorClass(clause: ts.HeritageClause): boolean {
  return clause.token === ts.SyntaxKind.ExtendsKeyword &&
    ts.isClassLike(clause.parent) &&
    clause.types.some(({ expression }) =>
      /(Error|Exception)$/.test(expression.getText())
    );
}

function throwsPlainError(node: ts.ThrowStatement): boolean {
  return ts.isNewExpression(node.expression) &&
    node.expression.expression.getText() === "Error";
}

function isUsing(list: ts.VariableDeclarationList): boolean {
  const kind = list.flags & ts.NodeFlags.BlockScoped;
  return kind === ts.NodeFlags.Using || kind === ts.NodeFlags.AwaitUsing;
}

function isDefaultExport(node: ts.Node): boolean {
  return ts.canHaveModifiers(node) &&
    (ts.getModifiers(node) ?? []).some(({ kind }) =>
      kind === ts.SyntaxKind.DefaultKeyword
    );
}

function holdsArrow(statement: ts.VariableStatement): boolean {
  const isConst = (statement.declarationList.flags & ts.NodeFlags.Const) !== 0;
  return isConst &&
    statement.declarationList.declarations.some(({ initializer }) =>
      initializer !== undefined && ts.isArrowFunction(initializer)
    );
}

// ------------------------------------------------------------------------ files

function checkFile(name: string, file: ts.SourceFile, tests: Set<string>): void {
  const path = `src/${name}.ts`;
  const lines = file.text.split("\n").length - 1;
  if (lines > MAX_LINES) complain(path, 1, `${lines} lines: at most ${MAX_LINES}`);
  const header = /^\/\*\*[\s\S]*?\*\//.exec(file.text)?.[0] ?? "";
  if (!header.includes("@module")) {
    complain(path, 1, "no header comment with @module");
  }
  if (CPYTHON_MODULES.has(name)) {
    const twin = `multiprocessing/${TWINS[name] ?? name}.py`;
    if (!header.includes(twin)) complain(path, 1, `the header does not name ${twin}`);
  }
  if (!(name in UNTESTED) && !hasTest(name, tests)) {
    complain(path, 1, `no test at tests/${name}_test.ts`);
  }
}

/** `errors/os` is an inner part of `errors`, whose test may stand for it. */
function hasTest(name: string, tests: Set<string>): boolean {
  const outer = name.replace(/\/[^/]+$/, "");
  const standIns = Object.entries(TESTED_WITH)
    .filter(([, parts]) => parts.includes(name))
    .map(([test]) => test);
  if (outer !== name && sources.includes(outer)) standIns.push(outer);
  return [name, ...standIns].some((test) => tests.has(test));
}

/** A name in a list above that no file has is a leftover. */
function checkLists(): void {
  const lists = [UNTESTED, DYNAMIC_IMPORT].flatMap((list) => Object.keys(list));
  for (
    const name of [
      ...lists,
      ...PUT_OFF,
      ...PUT_OFF_IN_CHILDREN,
      ...Object.values(TESTED_WITH).flat(),
    ]
  ) {
    if (!sources.includes(name)) {
      problems.push(
        `scripts/check_layout.ts: names src/${name}.ts, which is not there`,
      );
    }
  }
}

/** The files that `mod.ts` re-exports from. */
function namedByMod(): string[] {
  return importsOf(parse("mod.ts")).map(({ specifier }) =>
    resolve("mod", specifier.replace(/^\.\/src\//, "./"))
  );
}

function checkMod(): void {
  const file = parse("mod.ts");
  const lines = file.text.split("\n").length - 1;
  if (lines >= MAX_LINES_OF_MOD) {
    complain("mod.ts", 1, `${lines} lines: under ${MAX_LINES_OF_MOD}`);
  }
  for (const statement of file.statements) {
    const listed = ts.isExportDeclaration(statement) && statement.moduleSpecifier;
    if (!listed) complain("mod.ts", statement, "defines something: it only re-exports");
  }
}

function checkEntries(): void {
  for (const [entry, target] of Object.entries(config.exports)) {
    const name = target.replace(/^\.\/(src\/)?/, "").replace(/\.ts$/, "");
    if (target !== "./mod.ts" && !sources.includes(name)) {
      problems.push(`deno.json: the export ${entry} has no file ${target}`);
    }
  }
}

function checkTests(paths: string[]): void {
  for (const path of paths) {
    const name = path.replace(/^tests\//, "");
    const file = parse(path);
    forEachNode(file, (node) => {
      if (!ts.isCallExpression(node) || name in TIMERS_IN_TESTS) return;
      const called = node.expression.getText();
      if (/^(setTimeout|setInterval|delay|sleep)$/.test(called)) {
        complain(path, node, `${called}() in a test: wait for what you wait for`);
      }
    });
  }
}

function checkWordsEverywhere(): void {
  for (const folder of ["src", "tests", "examples"]) {
    for (const path of filesUnder(folder, ".ts")) {
      const lines = Deno.readTextFileSync(`${ROOT}/${path}`).split("\n");
      for (const [i, line] of lines.entries()) {
        const word = /\b(TODO|FIXME)\b/.exec(line)?.[1];
        if (word !== undefined) complain(path, i + 1, word);
      }
    }
  }
}

// ------------------------------------------------------------------------- main

const sources = filesUnder("src", ".ts").map((path) => path.slice(4, -3));
const testPaths = filesUnder("tests", "_test.ts");
const tests = new Set(testPaths.map((path) => path.slice(6, -8)));
const graph = new Map<string, string[]>();
const loads = new Map<string, string[]>();
for (const name of sources) {
  const file = parse(`src/${name}.ts`);
  const [targets, loaded] = checkImports(name, file);
  graph.set(name, targets);
  loads.set(name, loaded);
  checkWords(name, file);
  checkFile(name, file, tests);
}
checkRings(graph);
checkPutOff("mod", namedByMod(), PUT_OFF, loads);
checkPutOff(
  "child",
  loads.get("child")!,
  [...PUT_OFF, ...PUT_OFF_IN_CHILDREN],
  loads,
);
checkLists();
checkMod();
checkEntries();
checkTests(testPaths);
checkWordsEverywhere();

for (const problem of problems) console.log(problem);
const imports = [...graph.values()].reduce((count, list) => count + list.length, 0);
console.log(`${sources.length} files, ${imports} imports, ${problems.length} problems`);
if (problems.length > 0) Deno.exit(1);
