/**
 * Runs the package's modules as scripts, for `require()` where that cannot load modules. It
 * becomes `src/bundle/require.cjs`; module_parts.ts tells how the modules are written.
 *
 * There is one copy of the two main parts, which `child.cjs` runs.
 */
"use strict";
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { asScript, chunks, find: findPart } = require("./child.cjs");

/** The exports of modules that are loaded, by path. */
const loaded = new Map();

const DOOR = /^export \{([^}]*)\} from ("[^"]+");/;

/** What the module at `path` exports. */
function load(path) {
  let names = loaded.get(path);
  if (names === undefined) {
    loaded.set(path, names = {});
    Object.assign(names, run(path));
  }
  return names;
}

/** What `specifier` stands for in the module at `path`. */
function find(specifier, path) {
  if (specifier.startsWith(".")) return load(join(dirname(path), specifier));
  return findPart(specifier);
}

function run(path) {
  const text = readFileSync(path, "utf8");
  const door = DOOR.exec(text);
  if (door !== null) {
    const from = find(JSON.parse(door[2]), path);
    const name = (part) => part.trim().split(" as ");
    return Object.fromEntries(
      door[1].split(",").map(name).map(([local, name = local]) => [name, from[local]]),
    );
  }
  const { text: code, imports, late } = asScript(text);
  const url = pathToFileURL(path).href;
  const from = (specifier) => find(specifier, path);
  return (0, eval)(`${code}\n//# sourceURL=${url}`)(
    imports.map(from),
    url,
    (url) => import(url),
    late.map((specifier) => () => Promise.resolve(specifier).then(from)),
  ).names();
}

// What the main parts load late is to be of this copy.
chunks.load = (path) => Promise.resolve().then(() => load(join(__dirname, path)));
exports.load = load;
