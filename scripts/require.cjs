/**
 * Runs the package's modules as scripts, for `require()` where that cannot load modules. It
 * becomes `src/bundle/require.cjs`; module_parts.ts tells how the modules are written.
 *
 * There is one copy of the part that every process runs, which `child.cjs` has run already.
 */
"use strict";
const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const { pathToFileURL } = require("node:url");
const { chunks, core, splitModule } = require("./child.cjs");

/** The exports of modules that are loaded, by path. */
const loaded = new Map();

const IMPORT = /import(?:\{([^}]*)\}from)?("[^"]+");/g;
const LATE = /\(\)=>import\(("[^"]+")\)/g;
const DOOR = /^export \{([^}]*)\} from ("[^"]+");/;

/** The names of a list of imports, as a pattern has them. */
const asPattern = (list) => list.replaceAll(/([\w$]+) as ([\w$]+)/g, "$1:$2");

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
  if (specifier === "#core") return core.names();
  const found = require(specifier);
  return { default: found, ...found };
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
  const { first, body, exported } = splitModule(text);
  const imports = [...first.matchAll(IMPORT)].map(([, list, specifier], index) => ({
    names: find(JSON.parse(specifier), path),
    code: list === undefined ? "" : `const{${asPattern(list)}}=__imports[${index}];`,
  }));
  const late = [...first.matchAll(LATE)].map(([, specifier]) => () =>
    Promise.resolve().then(() => find(JSON.parse(specifier), path))
  );
  const code = `(function(__imports,__url,__import,__late){"use strict";` +
    imports.map(({ code }) => code).join("") + body +
    `\nreturn{${exported}}})\n//# sourceURL=${pathToFileURL(path).href}`;
  return (0, eval)(code)(
    imports.map(({ names }) => names),
    pathToFileURL(path).href,
    (url) => import(url),
    late,
  );
}

// What the core loads late is to be of this copy.
chunks.load = (path) => Promise.resolve().then(() => load(join(__dirname, path)));
exports.load = load;
