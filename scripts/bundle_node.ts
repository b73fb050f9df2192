/**
 * Writes the bundle's main part, which every process runs, so that it is a module, and that
 * Node can run the same file as a script: V8 then need not compile it anew in each process.
 * Why so, says `src/runtime/speed/compile_cache.ts`.
 *
 * ```text
 * src/bundle/core.js       the part, as module_parts.ts writes all
 *            child.cjs     runs the code as a script, once in a process; Node's child entry
 *            core.node.js  its names, for Node's modules
 * ```
 *
 * Modules import {@linkcode CORE}; `package.json` says by the runtime what that is.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { asModule, NAMES, takeApart } from "./module_parts.ts";
import { config, ROOT } from "./project.ts";
import { shorten } from "./shorten.ts";

/** What modules of the bundle call the part that every process runs. */
export const CORE = "#core";

/** The files that only Node loads, beside the part itself. */
export const NODE_ONLY = ["core.node.js", "child.cjs"];

/** How a package's `imports` tell which file is {@linkcode CORE}, which lies in `folder`. */
export function importsFor(folder: string): Record<string, Record<string, string>> {
  const [core, node] = [`${folder}/core.js`, `${folder}/core.node.js`];
  // Deno and Bun take themselves for Node too: the first that fits counts. Bundlers, which
  // alone say "module", cannot take in what Node runs.
  return { [CORE]: { module: core, deno: core, bun: core, node, default: core } };
}

/** What a bundle says that took in what only Node can run. */
const INLINED =
  `${config.name} is in a bundle without its file child.cjs: bundle with ` +
  "--conditions=module (esbuild, bun build), or keep the package external";

/**
 * Makes the files that hold the part.
 *
 * @param code The part, a module that imports nothing but by `import()`.
 * @param key Something that changes with the code.
 * @param main Which of its names is the function that a child runs.
 * @returns The files' texts, by name.
 */
export async function coreFiles(
  code: string,
  key: string,
  main: string,
): Promise<Record<string, string>> {
  const parts = takeApart(code);
  const { names, late, imports } = parts;
  if (imports.length > 0) {
    throw new Error(`the part that every process runs has an import: ${imports[0]}`);
  }
  return {
    "core.js": asModule(parts),
    "child.cjs": await runner(key, main, late),
    "core.node.js": 'import{createRequire}from"node:module";\n' +
      'let core;try{({core}=createRequire(import.meta.url)("./child.cjs"))}catch(cause){' +
      'if(cause.code!=="MODULE_NOT_FOUND")throw cause;' +
      `throw new Error(${JSON.stringify(INLINED)},{cause})}\n` +
      `export const{${[...names.keys()]}}=core.names();\n`,
  };
}

/** What runs the part as a script. */
async function runner(key: string, main: string, late: string[]): Promise<string> {
  const contents = `
    import { pathToFileURL } from "node:url";
    import { asScript, runKept, splitModule } from "./speed/compile_cache.ts";
    export { splitModule };
    const path = __dirname + "/core.js";
    const toScript = (code) => asScript(code, ${
    JSON.stringify([...Object.values(NAMES), main])
  });
    const run = runKept(path, ${JSON.stringify(key)}, toScript);
    const load = (url) => import(url);
    export const chunks = { load };
    const late = ${JSON.stringify(late)}.map((url) => () => chunks.load(url));
    export const core = run(pathToFileURL(path).href, load, late);
    if (require.main === module) core.main();
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
