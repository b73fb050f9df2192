/**
 * Writes the bundle's two main parts, which each process or each program runs, so that they
 * are modules, and that Node can run the same files as scripts: V8 then need not compile
 * them anew in each process. Why so, says `src/runtime/speed/compile_cache.ts`.
 *
 * ```text
 * src/bundle/core.js       what every process runs
 *            main.js       what `mod.js` gives besides
 *            child.cjs     runs these two as scripts, once in a process; Node's child entry
 *            core.node.js  the names of core.js, for Node's modules
 *            main.node.js  those of main.js
 * ```
 *
 * Modules import `#core` and `#main`; `package.json` says by the runtime what that is.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { asModule, type Parts, takeApart } from "./module_parts.ts";
import { config, ROOT } from "./project.ts";
import { shorten } from "./shorten.ts";

/** The parts' names. */
export const PARTS = ["core", "main"] as const;
export type PartName = typeof PARTS[number];

/** The files that only Node loads, beside the parts themselves. */
export const NODE_ONLY = ["child.cjs", ...PARTS.map((name) => `${name}.node.js`)];

/** How a package's `imports` tell which file is `#core` and `#main`, which lie in `folder`. */
export function importsFor(folder: string): Record<string, Record<string, string>> {
  return Object.fromEntries(PARTS.map((name) => {
    const [part, node] = [`${folder}/${name}.js`, `${folder}/${name}.node.js`];
    // Deno and Bun take themselves for Node too: the first that fits counts. Bundlers, which
    // alone say "module", cannot take in what Node runs.
    const files = { module: part, deno: part, bun: part, node, default: part };
    return [`#${name}`, files];
  }));
}

/** What a bundle says that took in what only Node can run. */
const INLINED =
  `${config.name} is in a bundle without its file child.cjs: bundle with ` +
  "--conditions=module (esbuild, bun build), or keep the package external";

/** A part's code, a module. */
export interface PartCode {
  text: string;
  /** Something that changes with the code. */
  key: string;
}

/**
 * Makes the files that hold the parts.
 *
 * @param parts Their code. The core imports nothing but by `import()`.
 * @param main Which of the core's names is the function that a child runs.
 * @returns The files' texts, by name.
 */
export async function partFiles(
  parts: Record<PartName, PartCode>,
  main: string,
): Promise<Record<string, string>> {
  const keys = PARTS.map((name) => [name, parts[name].key]);
  const files = { "child.cjs": await runner(Object.fromEntries(keys), main) };
  for (const name of PARTS) {
    const taken = takeApart(parts[name].text);
    if (name === "core" && taken.imports.length > 0) {
      throw new Error(`what every process runs has an import: ${taken.imports[0]}`);
    }
    Object.assign(files, {
      [`${name}.js`]: asModule(taken),
      [`${name}.node.js`]: namesFor(name, taken),
    });
  }
  return files;
}

/** The module that gives the names of a part on Node. */
function namesFor(part: PartName, { names }: Parts): string {
  return 'import{createRequire}from"node:module";\n' +
    `let names;try{names=createRequire(import.meta.url)("./child.cjs").find("#${part}")}` +
    'catch(cause){if(cause.code!=="MODULE_NOT_FOUND")throw cause;' +
    `throw new Error(${JSON.stringify(INLINED)},{cause})}\n` +
    `export const{${[...names.keys()]}}=names;\n`;
}

/** What runs the parts as scripts. */
async function runner(keys: Record<PartName, string>, main: string): Promise<string> {
  const contents = `
    import { pathToFileURL } from "node:url";
    import { runKept } from "./speed/compile_cache.ts";
    import { asScript } from "../../scripts/module_script.ts";
    export { asScript };
    const isRoot = require.main !== module;
    const load = (url) => import(url);
    export const chunks = { load };
    const run = (name, key, main) => {
      const path = __dirname + "/" + name + ".js";
      let script;
      const toScript = (code) => (script = asScript(code, main)).text;
      const begin = runKept(path, key, toScript, { isRoot });
      const late = script.late.map((url) => () => chunks.load(url));
      return begin(script.imports.map(find), pathToFileURL(path).href, load, late);
    };
    const core = run("core", ${JSON.stringify(keys.core)}, ${JSON.stringify(main)});
    const found = {};
    const finders = {
      "#core": core.names,
      "#main": () => run("main", ${JSON.stringify(keys.main)}).names(),
    };
    export function find(specifier) {
      if (specifier in finders) return found[specifier] ??= finders[specifier]();
      const names = require(specifier);
      return { default: names, ...names };
    }
    if (!isRoot) core.main();
  `;
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: `${ROOT}/src/runtime`, loader: "js" },
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
    logLevel: "error",
  });
  return await shorten(outputFiles[0]!.text);
}
