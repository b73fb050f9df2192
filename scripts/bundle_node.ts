/**
 * Writes the bundle's main part, which every process runs, so that it is a module, and that
 * Node can run the same file as a script: V8 then need not compile it anew in each process.
 * Why so, says `src/runtime/speed/compile_cache.ts`.
 *
 * ```text
 * src/bundle/core.js       the part: a line with what a script has not (its URL, `import()`),
 *                          the code, a line with its exports
 *            child.cjs     runs the code as a script, once in a process; Node's child entry
 *            core.node.js  its names, for Node's modules
 * ```
 *
 * Modules import {@linkcode CORE}; `package.json` says by the runtime what that is.
 *
 * @module
 */
import * as esbuild from "esbuild";
import ts from "typescript";
import { ROOT } from "./project.ts";
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

/** What the code has instead of its URL, of `import()`, and of `import()` of a late chunk. */
export const NAMES = { url: "__url", load: "__import", late: "__late" };

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
  const { body, names, late } = takeApart(code);
  const exported = [...names].map(([name, local]) =>
    name === local ? name : `${local} as ${name}`
  );
  const imports = late.map((path) => `()=>import(${JSON.stringify(path)})`);
  return {
    "core.js": `const ${NAMES.url}=import.meta.url,` +
      `${NAMES.load}=url=>import(url),${NAMES.late}=[${imports}];\n` +
      `${body.trim()}\nexport{${exported}};\n`,
    "child.cjs": await runner(key, main, late),
    "core.node.js": 'import{createRequire}from"node:module";\n' +
      `export const{${[...names.keys()]}}=` +
      'createRequire(import.meta.url)("./child.cjs").core.names();\n',
  };
}

/** The part without its exports, without what a script has not, and what it loads late. */
interface Parts {
  body: string;
  /** The exports' names there, by name. */
  names: Map<string, string>;
  /** The paths of what it loads late, in the order of `__late`. */
  late: string[];
}

/** Takes the part apart, which becomes a module's text or a script's. */
function takeApart(code: string): Parts {
  const source = ts.createSourceFile("core.js", code, ts.ScriptTarget.ES2022);
  const names = new Map<string, string>();
  const late: string[] = [];
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
    } else if (isImport(node) && ts.isStringLiteral(node.arguments[0]!)) {
      const { text } = node.arguments[0];
      if (!late.includes(text)) late.push(text);
      replace(node, `${NAMES.late}[${late.indexOf(text)}]()`);
    } else if (node.kind === ts.SyntaxKind.ImportKeyword) {
      replace(node, NAMES.load);
    } else if (
      ts.isPropertyAccessExpression(node) && ts.isMetaProperty(node.expression)
    ) {
      replace(node, NAMES.url); // `import.meta.url`: the sources look at nothing else there
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  return { body: body + code.slice(at), names, late };
}

function isImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) &&
    node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** What runs the part as a script. */
async function runner(key: string, main: string, late: string[]): Promise<string> {
  const contents = `
    import { pathToFileURL } from "node:url";
    import { asScript, runKept } from "./speed/compile_cache.ts";
    const path = __dirname + "/core.js";
    const toScript = (code) => asScript(code, ${
    JSON.stringify([...Object.values(NAMES), main])
  });
    const run = runKept(path, ${JSON.stringify(key)}, toScript);
    const load = (url) => import(url);
    const late = ${JSON.stringify(late)}.map((url) => () => import(url));
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
