/**
 * Gives Node the bundle's main part, which every process runs, as a script: V8 then need
 * not compile it anew in each process. Why so, says `src/runtime/speed/compile_cache.ts`.
 *
 * ```text
 * src/bundle/core.js         the part itself, for all other runtimes
 *            core.script.js  the same for Node, with a function around it
 *            child.cjs       runs that once in a process; the child entry, too
 *            core.node.js    its names, for modules
 * ```
 *
 * Modules import {@linkcode CORE}; `package.json` says by the runtime what that is.
 *
 * @module
 */
import * as esbuild from "esbuild";
import ts from "typescript";
import { ROOT } from "./project.ts";

/** What modules of the bundle call the part that every process runs. */
export const CORE = "#core";

/** The files that only Node loads, beside the part itself. */
export const NODE_ONLY = ["core.script.js", "core.node.js", "child.cjs"];

/** How a package's `imports` tell which file is {@linkcode CORE}, which lies in `folder`. */
export function importsFor(folder: string): Record<string, Record<string, string>> {
  const [core, node] = [`${folder}/core.js`, `${folder}/core.node.js`];
  // Deno and Bun take themselves for Node too: the first that fits counts.
  return { [CORE]: { deno: core, bun: core, node, default: core } };
}

/**
 * Makes the files for Node.
 *
 * @param code The part, a module that imports nothing but by `import()`.
 * @param key Something that changes with the code.
 * @param main Which of its names is the function that a child runs.
 * @returns The files' texts, by name.
 */
export async function scriptFiles(
  code: string,
  key: string,
  main: string,
): Promise<Record<string, string>> {
  const { body, names } = toFunctionBody(code);
  const listed = [...names].map(([name, local]) => `${name}:${local}`);
  return {
    "core.script.js": `(function(${URL_NAME},${IMPORT_NAME}){"use strict";${body}\n` +
      `return{main:${names.get(main)},names:()=>({${listed}})}})`,
    "child.cjs": await runner(key),
    "core.node.js": 'import{createRequire}from"node:module";\n' +
      `export const{${[...names.keys()]}}=` +
      'createRequire(import.meta.url)("./child.cjs").core.names();\n',
  };
}

/** What a script has not of its own: its URL and its `import()`. */
const URL_NAME = "__url";
export const IMPORT_NAME = "__import";

/** Makes a module what can stand in a function; gives its exports' names there, by name. */
function toFunctionBody(code: string): { body: string; names: Map<string, string> } {
  const source = ts.createSourceFile("core.js", code, ts.ScriptTarget.ES2022);
  const names = new Map<string, string>();
  let body = "";
  let at = 0;
  const replace = (node: ts.Node, text: string) => {
    body += code.slice(at, node.getStart(source)) + text;
    at = node.end;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isExportDeclaration(node) && ts.isNamedExports(node.exportClause!)) {
      for (const { name, propertyName = name } of node.exportClause.elements) {
        names.set(name.text, propertyName.text);
      }
      replace(node, "");
    } else if (ts.isImportDeclaration(node)) {
      throw new Error(
        `the part that every process runs has an import: ${node.getText(source)}`,
      );
    } else if (node.kind === ts.SyntaxKind.ImportKeyword) {
      replace(node, IMPORT_NAME);
    } else if (
      ts.isPropertyAccessExpression(node) && ts.isMetaProperty(node.expression)
    ) {
      replace(node, URL_NAME); // `import.meta.url`: the sources look at nothing else there
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  return { body: body + code.slice(at), names };
}

/** What runs the script. */
async function runner(key: string): Promise<string> {
  const contents = `
    import { pathToFileURL } from "node:url";
    import { runKept } from "./speed/compile_cache.ts";
    const path = __dirname + "/core.";
    const run = runKept(path + "script.js", ${JSON.stringify(key)});
    export const core = run(pathToFileURL(path + "js").href, (url) => import(url));
    if (require.main === module) core.main();
  `;
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: `${ROOT}/src/runtime`, loader: "js" },
    bundle: true,
    format: "cjs",
    platform: "node",
    target: "node20",
    minifyWhitespace: true,
    lineLimit: 100,
    write: false,
    logLevel: "error",
  });
  return outputFiles[0]!.text;
}
