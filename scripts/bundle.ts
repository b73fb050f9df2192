/**
 * Gathers the many small modules of a package into few files, as starting a process costs
 * about a tenth of a millisecond for each module that it loads.
 *
 * ```text
 * mod.js                  takes its names from the code
 * src/bundle/core.js      the code that every process runs
 *            main.js      what `mod.js` gives besides
 *            chunk-*.js   the rest of it
 *            child.js     the child entry: what a child runs
 *            eager.js     every name of what `mod.js` and a child load at once
 *            lazy.js      every name of what the entries load besides
 *            shared.js    every name of what the entries for shared memory load besides
 *            threads.js   every name of what the entries for threads load besides
 *            progress.js  the names of the progress bars, which alone load a library
 *            supervisor.js  the names of what starts processes again
 *            redis.js     the names of what is on a server, and of agents
 *            late.js      every name of what is loaded by `import()` alone
 *            LICENSE.*    of what else is in the code
 *            …            what Node has instead of some of these: bundle_node.ts
 *            require.cjs  runs them for `require()`, where need be: bundle_require.ts
 * src/**.js               doors: each gives the names that it always gave
 * ```
 *
 * cbor-x is in the code: to find it and its files takes a child of Node an eighth of the
 * time that it takes to start.
 *
 * So there is one copy of everything, whichever file it is imported from, and a program
 * that imports `mod.js` loads no list of names that it does not need. The code lies one
 * folder below `src/`, as the files do whose own address tells where the package is.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { type PartCode, partFiles, type PartName, PARTS } from "./bundle_node.ts";
import { requireFiles } from "./bundle_require.ts";
import { asModule, takeApart } from "./module_parts.ts";
import { config } from "./project.ts";
import { shorten } from "./shorten.ts";

/** Where the bundle lies in the package. */
export const BUNDLE = "src/bundle";

/** What a child runs once it has run the file that comes before all others there. */
const PROGRAM = "src/startup/child_program.js";
/** The function of that file that is the program. */
const MAIN = "runChild";

/** A file of each main part of the bundle. */
const IN_PART: Record<PartName, string> = {
  core: PROGRAM,
  main: "src/context/context.js",
};

/** What every process runs or imports; all that these load is loaded at once. */
const ROOTS = ["mod.js", PROGRAM];

/** The child entries, whose place the bundle's takes, and the file that comes first. */
const ENTRIES = ["src/child.js", "src/startup/child.js"];
const FIRST = "src/runtime/before.js";

/** The entries that few programs use, which the others do not load, by their file. */
const APART = {
  shared: ["./shared_memory", "./resource_tracker"],
  threads: ["./dummy", "./dummy/connection", "./util"],
  progress: ["./progress"],
  supervisor: ["./supervisor"],
  redis: ["./redis", "./agent"],
};

/** The program of the package, `npx @pystd/multiprocessing agent …`: it lies beside `mod.js`. */
export const BIN = "bin.js";
const BIN_TEXT = `#!/usr/bin/env node
import process from "node:process";
import { main } from "./src/agent.js";
process.exit(await main(process.argv.slice(2)));
`;

/** The library that becomes part of the bundle. */
export const BUILT_IN = "cbor-x";

/** A file of the package that gives names, and under which ones the bundle has them. */
interface Door {
  path: string;
  names: string[];
  /** What stands before each of its names in the bundle: two files may have the same. */
  prefix: string;
}

/** Bundles the package in `folder`, which holds JavaScript already. */
export async function bundle(folder: string): Promise<void> {
  const library = layBuiltIn(folder);
  try {
    const found = await look(folder, modules(folder));
    const { doors, eager, lazy, apart, late, small } = found;
    const early = new Set(
      [eager, lazy, ...apart.values()].flatMap((paths) => [...paths]),
    );
    const entryNames = Object.keys(config.exports).filter((name) => name !== "./child");
    const forRequire = await requireFiles(pathsOf(entryNames), BUNDLE);
    const parts = {
      eager: doors.filter(({ path }) => eager.has(path)),
      lazy: doors.filter(({ path }) => lazy.has(path)),
      ...Object.fromEntries([...apart].map(([name, paths]) => [
        name,
        doors.filter(({ path }) => paths.has(path)),
      ])),
      late: doors.filter(({ path }) => !early.has(path)),
    };
    const entries = writeEntries(folder, parts);
    // Else what is lazy, or eager, would be more chunks, for what of it these need.
    beginWith(folder, `${BUNDLE}/threads.js`, `${BUNDLE}/lazy.js`);
    beginWith(folder, `${BUNDLE}/progress.js`, `${BUNDLE}/eager.js`);
    beginWith(folder, `${BUNDLE}/supervisor.js`, `${BUNDLE}/eager.js`);
    beginWith(folder, `${BUNDLE}/redis.js`, `${BUNDLE}/lazy.js`);
    for (const path of ["mod.js", ...late]) {
      beginWith(folder, path, small.has(path) ? PROGRAM : `${BUNDLE}/eager.js`);
    }
    await write(folder, ["mod.js", ...entries]);
    Deno.renameSync(`${library}/LICENSE`, `${folder}/${BUNDLE}/LICENSE.${BUILT_IN}`);
    for (const [name, part] of Object.entries(parts)) {
      for (const door of part) writeDoor(folder, door, name);
    }
    completeChildEntry(folder);
    Deno.writeTextFileSync(`${folder}/${BIN}`, BIN_TEXT);
    for (const [path, text] of Object.entries(forRequire)) {
      Deno.writeTextFileSync(`${folder}/${path}`, text);
    }
  } finally {
    Deno.removeSync(`${folder}/node_modules`, { recursive: true });
    await esbuild.stop();
  }
}

/** Bundles the entries, and sets the two main parts apart. */
async function write(folder: string, entries: string[]): Promise<void> {
  const { outputFiles, metafile } = await build(folder, entries);
  const chunks = PARTS.map((name) => {
    const [path] = Object.entries(metafile!.outputs)
      .find(([, { inputs }]) => IN_PART[name] in inputs)!;
    return { name, path, imported: new RegExp(`"[./\\w]*/${baseName(path)}"`, "g") };
  });
  const parts: Partial<Record<PartName, PartCode>> = {};
  for (const { path, text: long } of outputFiles!) {
    let text = await shorten(long);
    for (const { name, imported } of chunks) {
      text = text.replace(imported, `"#${name}"`);
    }
    const part = chunks.find((chunk) => path.endsWith(`/${chunk.path}`));
    if (part === undefined) Deno.writeTextFileSync(path, asModule(takeApart(text)));
    else parts[part.name] = { text, key: keyOf(part.path) };
  }
  const files = await partFiles(parts as Record<PartName, PartCode>, MAIN);
  for (const [file, text] of Object.entries(files)) {
    Deno.writeTextFileSync(`${folder}/${BUNDLE}/${file}`, text);
  }
}

/** The key of a part: the name that esbuild gave its chunk changes with the code. */
function keyOf(path: string): string {
  return `${config.name.slice(1)}-${baseName(path)}`.replaceAll(/\W+/g, "-");
}

function baseName(path: string): string {
  return path.slice(BUNDLE.length + 1);
}

/** Puts the library that becomes part of the bundle where it is the package's own. */
function layBuiltIn(folder: string): string {
  const source = new URL(".", import.meta.resolve(`${BUILT_IN}/decode`));
  const target = `${folder}/node_modules/${BUILT_IN}`;
  Deno.mkdirSync(target, { recursive: true });
  for (const { name, isFile } of Deno.readDirSync(source)) {
    if (isFile) Deno.copyFileSync(new URL(name, source), `${target}/${name}`);
  }
  return target;
}

/**
 * Has the child entry, where the code looks for it, which is beside itself, begin with what
 * must come first. That is no part of the bundle, or it would not.
 */
function completeChildEntry(folder: string): void {
  const entry = `${folder}/${BUNDLE}/child.js`;
  const code = Deno.readTextFileSync(entry);
  Deno.writeTextFileSync(entry, `import "../${FIRST.slice(4)}";\n${code}`);
  for (const path of ENTRIES) {
    const source = `${relativeTo(path)}${BUNDLE}/child.js`;
    Deno.writeTextFileSync(`${folder}/${path}`, `import "${source}";\n`);
  }
}

/** Writes what the bundle begins with, apart from `mod.js`; gives the paths. */
function writeEntries(folder: string, parts: Record<string, Door[]>): string[] {
  Deno.mkdirSync(`${folder}/${BUNDLE}`);
  const sources = Object.entries(parts).map(([name, doors]) => [name, gather(doors)]);
  const child = `import { ${MAIN} } from "../../${PROGRAM}";\n${MAIN}();\n`;
  return [["child", child], ...sources].map(
    ([name, source]) => {
      const path = `${BUNDLE}/${name}.js`;
      Deno.writeTextFileSync(`${folder}/${path}`, source!);
      return path;
    },
  );
}

/**
 * Has a file load another one first, which loads all that is eager, or all that a child
 * does. What begins a program, or comes late, does so: then all that is eager is two chunks,
 * however little of it each of them needs, and what comes late to a child may need but one.
 */
function beginWith(folder: string, path: string, other: string): void {
  const code = Deno.readTextFileSync(`${folder}/${path}`);
  const first = `import "${relativeTo(path)}${other}";\n`;
  Deno.writeTextFileSync(`${folder}/${path}`, first + code);
}

/** Bundles the entries, each to the place where it lies; writes nothing yet. */
function build(folder: string, entryPoints: string[]) {
  return esbuild.build({
    absWorkingDir: folder,
    entryPoints,
    outdir: folder,
    outbase: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    alias: aliases(folder),
    packages: "external",
    // A third of the source is spaces and words that can be shorter; a child reads all.
    minifyWhitespace: true,
    minifySyntax: true,
    chunkNames: `${BUNDLE}/chunk-[hash]`,
    metafile: true,
    write: false,
    allowOverwrite: true,
    logLevel: "error",
  });
}

/** Where the library lies. */
function aliases(folder: string): Record<string, string> {
  return Object.fromEntries(
    ["decode", "encode"].map((name) => [
      `${BUILT_IN}/${name}`,
      `${folder}/node_modules/${BUILT_IN}/${name}.js`,
    ]),
  );
}

/** The files of entries, relative to the package's folder. */
function pathsOf(names: string[]): string[] {
  return names.map((name) => config.exports[name]!.replace(/^\.\/(.*)\.ts$/, "$1.js"));
}

/** What there is in the package. */
interface Found {
  doors: Door[];
  /** What the roots load at once. */
  eager: Set<string>;
  /** What the package's entries load at once, besides. */
  lazy: Set<string>;
  /** What those of {@linkcode APART} load at once, besides. */
  apart: Map<string, Set<string>>;
  /** What is loaded by `import()`. */
  late: Set<string>;
  /** What of that needs nothing that is eager but what a child has loaded already. */
  small: Set<string>;
}

/** Finds what each module exports, and what loads what. */
async function look(folder: string, paths: string[]): Promise<Found> {
  const { metafile } = await build(folder, paths);
  const doors: Door[] = [];
  for (const { entryPoint, exports } of Object.values(metafile!.outputs)) {
    if (entryPoint === undefined || [...ENTRIES, FIRST].includes(entryPoint)) continue;
    doors.push({ path: entryPoint, names: exports, prefix: `_${doors.length}_` });
  }
  const loadedBy = (roots: string[]): Set<string> => {
    const loaded = new Set(roots);
    for (const path of loaded) { // grows meanwhile
      for (const { path: next, kind, external } of metafile!.inputs[path]!.imports) {
        if (!external && kind === "import-statement") loaded.add(next);
      }
    }
    return loaded;
  };
  const eager = loadedBy(ROOTS);
  const others = Object.keys(config.exports).filter((name) =>
    !Object.values(APART).flat().includes(name)
  );
  const lazy = loadedBy(pathsOf(others)).difference(eager);
  const apart = new Map<string, Set<string>>();
  const taken = eager.union(lazy);
  for (const [name, entries] of Object.entries(APART)) {
    const paths = loadedBy(pathsOf(entries)).difference(taken);
    apart.set(name, paths);
    for (const path of paths) taken.add(path);
  }
  const imports = Object.values(metafile!.inputs).flatMap(({ imports }) => imports);
  const late = new Set(
    imports.filter(({ kind, external }) => !external && kind === "dynamic-import")
      .map(({ path }) => path).filter((path) => !eager.has(path)),
  );
  const ofRoots = eager.difference(loadedBy([PROGRAM]));
  const small = new Set(
    [...late].filter((path) => loadedBy([path]).isDisjointFrom(ofRoots)),
  );
  return { doors, eager, lazy, apart, late, small };
}

/**
 * The source of an entry that has every name of some modules. A module that has none is
 * loaded by those that import it; to name it here as well might set a chunk apart for it.
 */
function gather(doors: Door[]): string {
  return doors.filter(({ names }) => names.length > 0).map(({ path, names, prefix }) =>
    `import "../../${path}";\n${reexport(names, `../../${path}`, "", prefix)}`
  ).join("");
}

/** What takes the module's place. */
function writeDoor(folder: string, { path, names, prefix }: Door, part: string): void {
  if (path === "mod.js") return; // is itself a part of the bundle
  const source = `${relativeTo(path)}${BUNDLE}/${part}.js`;
  const text = reexport(names, source, prefix, "") || `import "${source}";\n`;
  Deno.writeTextFileSync(`${folder}/${path}`, text);
}

/** The way from a file to the package's folder. */
function relativeTo(path: string): string {
  return "../".repeat(path.split("/").length - 1) || "./";
}

function reexport(names: string[], source: string, before: string, after: string) {
  if (names.length === 0) return "";
  const list = names.map((name) => `${before}${name} as ${after}${name}`);
  return `export { ${list.join(", ")} } from "${source}";\n`;
}

/** The JavaScript files of the package, relative to its folder. */
function modules(folder: string, path = ""): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(`${folder}/${path}`)) {
    if (name === "node_modules") continue;
    if (isDirectory) found.push(...modules(folder, `${path}${name}/`));
    else if (name.endsWith(".js")) found.push(path + name);
  }
  return found.sort();
}
