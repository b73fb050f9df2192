/**
 * How large the npm package is, and what of it processes load as they start:
 * `deno run -A scripts/sizes.ts [tarball]`. Without a tarball it makes one.
 *
 * Chunks are named by what is in them, so a name that is another has other content. To
 * compare, keep what this prints.
 *
 * @module
 */
import ts from "typescript";
import { BUNDLE } from "./bundle.ts";
import { PARTS } from "./bundle_node.ts";
import { config, filesUnder, mustRun } from "./project.ts";
import { pack } from "./pack.ts";

/** What takes the place of a main part, `#core`; Node's own loads one file after the other. */
const FILES = {
  "Deno, Bun": (part: string) => [`${part}.js`],
  "Node": (part: string) => [`${part}.node.js`, "child.cjs", `${part}.js`],
};

/** What a child runs. */
const CHILDREN = {
  "Deno, Bun": [`${BUNDLE}/child.js`],
  "Node": [`${BUNDLE}/child.cjs`, `${BUNDLE}/core.js`],
};

type Runtimes = keyof typeof FILES;

/** What a module imports, by paths in the package or as `#core`. */
interface Imports {
  atOnce: string[];
  /** By `import()`. */
  later: string[];
}

/** Of files that have been looked at. */
const known = new Map<string, Imports>();

const work = await Deno.makeTempDir({ prefix: "sizes-" });
try {
  const tarball = Deno.args[0] ?? await pack(work);
  await mustRun(["tar", "-xzf", tarball, "-C", work]);
  const folder = `${work}/package`;
  const files = filesUnder("", "", folder);
  const sizes = new Map(
    files.map((path) => [path, Deno.statSync(`${folder}/${path}`).size]),
  );
  await printFiles(folder, sizes, Deno.statSync(tarball).size);
  console.log();
  printLoads(folder, sizes);
} finally {
  await Deno.remove(work, { recursive: true });
}

/** The files of the bundle, and the package as a whole. */
async function printFiles(
  folder: string,
  sizes: Map<string, number>,
  packed: number,
): Promise<void> {
  printRow("file", "bytes", "gzip");
  for (const [path, size] of sizes) {
    const isPart = path.startsWith(`${BUNDLE}/`) || path === "mod.js";
    if (!isPart || !/\.c?js$/.test(path)) continue;
    const zipped = await zippedSize(Deno.readFileSync(`${folder}/${path}`));
    printRow(path, text(size), text(zipped));
  }
  const all = [...sizes.values()];
  const total = all.reduce((sum, size) => sum + size, 0);
  printRow(`package, ${all.length} files`, text(total), text(packed));
}

async function zippedSize(data: Uint8Array<ArrayBuffer>): Promise<number> {
  const stream = new Blob([data]).stream().pipeThrough(new CompressionStream("gzip"));
  return (await new Response(stream).arrayBuffer()).byteLength;
}

/** What each way into the package loads at once, and what comes later. */
function printLoads(folder: string, sizes: Map<string, number>): void {
  const show = (title: string, paths: Set<string>) => {
    const bytes = [...paths].reduce((sum, path) => sum + sizes.get(path)!, 0);
    const names = [...paths].map((path) => path.replace(`${BUNDLE}/`, ""));
    printRow(title, text(bytes), `${paths.size}`, names.join(" "));
  };
  printRow("loaded at once", "bytes", "files");
  for (const runtimes of Object.keys(FILES) as Runtimes[]) {
    const child = loaded(folder, CHILDREN[runtimes], runtimes);
    show(`child, ${runtimes}`, child);
    for (const [entry, path] of Object.entries(config.exports)) {
      if (entry === "./child") continue;
      const from = path.slice(2).replace(/\.ts$/, ".js");
      show(`${entry}, ${runtimes}`, loaded(folder, [from], runtimes));
    }
    for (const path of laterOf(folder, child)) {
      const more = loaded(folder, [path], runtimes).difference(child);
      show(`later in a child, ${runtimes}`, more);
    }
  }
}

/** All files that are loaded with some, these included. */
function loaded(folder: string, from: string[], runtimes: Runtimes): Set<string> {
  const found = new Set<string>();
  const visit = (path: string) => {
    if (path.startsWith("#")) {
      for (const file of FILES[runtimes](path.slice(1))) visit(`${BUNDLE}/${file}`);
    } else if (!found.has(path)) {
      found.add(path);
      importsOf(folder, path).atOnce.forEach(visit);
    }
  };
  from.forEach(visit);
  return found;
}

function laterOf(folder: string, paths: Set<string>): Set<string> {
  return new Set([...paths].flatMap((path) => importsOf(folder, path).later));
}

function importsOf(folder: string, path: string): Imports {
  const before = known.get(path);
  if (before !== undefined) return before;
  const imports: Imports = { atOnce: [], later: [] };
  known.set(path, imports);
  const code = Deno.readTextFileSync(`${folder}/${path}`);
  const source = ts.createSourceFile(path, code, ts.ScriptTarget.ESNext);
  const add = (list: string[], node: ts.Node | undefined) => {
    if (node === undefined || !ts.isStringLiteral(node)) return;
    if (PARTS.some((name) => node.text === `#${name}`)) list.push(node.text);
    else if (node.text.startsWith(".")) {
      list.push(new URL(node.text, `file:///${path}`).pathname.slice(1));
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      add(imports.atOnce, node.moduleSpecifier);
    } else if (isImportCall(node)) add(imports.later, node.arguments[0]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return imports;
}

function isImportCall(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) &&
    node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function text(bytes: number): string {
  return bytes.toLocaleString("en");
}

function printRow(title: string, ...cells: string[]): void {
  const [size = "", count = "", rest = ""] = cells;
  const row = `${title.padEnd(32)}  ${size.padStart(9)}  ${count.padStart(7)}  ${rest}`;
  console.log(row.trimEnd());
}
