/**
 * Lays out a project that has the package installed from its npm tarball, and the tests
 * and examples compiled to JavaScript: what Node 20, which cannot read TypeScript, runs,
 * and the proof that the tarball is whole.
 *
 * ```text
 * <folder>/package.json
 *          node_modules/@pystd/multiprocessing   installed by npm from the tarball
 *          tests/**.js  examples/**.js           compiled; other files copied
 * ```
 *
 * What a test imports from `mod.ts` or `src/` comes from the installed package: by the
 * package's own name where it exports the file, else, for tests of inner parts, by the
 * file's path in `node_modules`. Either way there is one copy of each module, so a test
 * may look into what the public names use. The same goes for paths in plain strings, such
 * as `new URL("./children/echo.ts", import.meta.url)`. And `import.meta.main`, which Node 20
 * does not have, becomes what the package offers in its place, `is_main(import.meta)`.
 *
 * @module
 */
import ts from "typescript";
import { layStandardLibrary } from "./node_modules.ts";
import { CLIENTS, PACKAGE_FIELDS, rangeOf } from "./package_json.ts";
import { config, filesUnder, mustRun, ROOT } from "./project.ts";

/** The folders that are compiled. */
const FOLDERS = ["tests", "examples"];

/** Libraries of tests and examples: for bundles, traces, a browser, spans. */
const OF_TESTS = [
  ...["esbuild", "@paulirish/trace_engine", "playwright-core", "@opentelemetry/api"],
  ...["@opentelemetry/core", "@opentelemetry/sdk-trace-base"],
];

/** Makes the project in `folder`, which exists and is empty. */
export async function layProject(folder: string, tarball: string): Promise<void> {
  const { imports } = JSON.parse(
    Deno.readTextFileSync(`${ROOT}/scripts/links/std_async/deno.json`),
  ) as { imports: Record<string, string> };
  const std = /npm:\/deno-std@([^/]+)/.exec(imports["deno-std/"] ?? "")?.[1];
  const cbor = /@([^/]+)/.exec(config.imports["cbor-x/decode"]!)?.[1]; // tests compare
  const dependencies = {
    [config.name]: `file:${tarball}`,
    "deno-std": std,
    "cbor-x": cbor,
    "cli-progress": PACKAGE_FIELDS.peerDependencies["cli-progress"],
    ...Object.fromEntries(
      [...OF_TESTS, ...CLIENTS].map((name) => [name, rangeOf(name)]),
    ),
  };
  Deno.writeTextFileSync(
    `${folder}/package.json`,
    JSON.stringify({ private: true, type: "module", dependencies }),
  );
  // Tests name it to a Deno that they start in a folder of its own.
  const { version } = config;
  const nodeModulesDir = "manual"; // those of package.json
  Deno.writeTextFileSync(
    `${folder}/deno.json`,
    JSON.stringify({ version, nodeModulesDir }),
  );
  await mustRun(
    [
      "npm",
      "install",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
    ],
    { cwd: folder, timeout: 300 },
  );
  layStandardLibrary(`${folder}/node_modules`);
  compileInto(folder);
}

/** Compiles the tests and examples into `folder`, the file tree kept as it is. */
export function compileInto(folder: string): void {
  for (const path of FOLDERS.flatMap((name) => filesUnder(name, ""))) {
    if (path.includes("/__pycache__/")) continue;
    const target = `${folder}/${path}`;
    Deno.mkdirSync(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    if (/\.ts$/.test(path) && !/\.d\.ts$/.test(path)) {
      const code = compile(Deno.readTextFileSync(`${ROOT}/${path}`), path);
      Deno.writeTextFileSync(target.replace(/\.ts$/, ".js"), code);
    } else {
      Deno.copyFileSync(`${ROOT}/${path}`, target);
    }
  }
}

/** One file, from TypeScript to what Node 20 reads; `path` is relative to the root. */
export function compile(source: string, path: string): string {
  const { outputText } = ts.transpileModule(source, {
    fileName: path,
    compilerOptions: {
      // `using` is younger than Node 20 and becomes a try block here.
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
    },
    transformers: { before: [relink(path)] },
  });
  if (!outputText.includes(IS_MAIN)) return outputText;
  return `import { is_main as ${IS_MAIN} } from "${config.name}";\n${outputText}`;
}

/** What stands for `import.meta.main`, which is younger than Node 20. */
const IS_MAIN = "__is_main";

/** Changes every string that is a relative path of one of our TypeScript files. */
function relink(path: string): ts.TransformerFactory<ts.SourceFile> {
  return (context) => (file) => {
    const visit = (node: ts.Node): ts.Node => {
      if (isMainProperty(node)) return callIsMain();
      const specifier = specifierOf(node);
      const visitChild = (child: ts.Node) => {
        if (!ts.isStringLiteral(child)) return visit(child);
        const text = relinked(child.text, path, child === specifier);
        return text === child.text ? child : ts.factory.createStringLiteral(text);
      };
      return ts.isTemplateExpression(node)
        ? relinkTemplate(node, path, visit)
        : ts.visitEachChild(node, visitChild, context);
    };
    return ts.visitNode(file, visit, ts.isSourceFile);
  };
}

/** What an import or export statement, or a call of `import()`, loads. */
function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
    return node.moduleSpecifier;
  }
  const isImport = ts.isCallExpression(node) &&
    node.expression.kind === ts.SyntaxKind.ImportKeyword;
  return isImport ? node.arguments[0] : undefined;
}

function isMainProperty(node: ts.Node): boolean {
  return ts.isPropertyAccessExpression(node) && ts.isMetaProperty(node.expression) &&
    node.name.text === "main";
}

/** `is_main(import.meta)`, under a name that no file has. */
function callIsMain(): ts.Expression {
  const { factory } = ts;
  const meta = factory.createMetaProperty(
    ts.SyntaxKind.ImportKeyword,
    factory.createIdentifier("meta"),
  );
  return factory.createCallExpression(factory.createIdentifier(IS_MAIN), undefined, [
    meta,
  ]);
}

/** `./children/${name}.ts`: the file is not known, only its folder and that it is compiled. */
function relinkTemplate(
  node: ts.TemplateExpression,
  path: string,
  visit: (node: ts.Node) => ts.Node,
): ts.Node {
  const last = node.templateSpans.at(-1)!;
  const head = node.head.text;
  const relative = /^\.\.?\//.test(head) && last.literal.text.endsWith(".ts");
  const target = relative ? new URL(head, `file:///${path}`).pathname.slice(1) : "";
  return ts.factory.createTemplateExpression(
    target.startsWith("src/")
      ? ts.factory.createTemplateHead(installed(target, path))
      : node.head,
    node.templateSpans.map((span) =>
      ts.factory.createTemplateSpan(
        ts.visitNode(span.expression, visit, ts.isExpression),
        relative && span === last
          ? ts.factory.createTemplateTail(span.literal.text.replace(/\.ts$/, ".js"))
          : span.literal,
      )
    ),
  );
}

/** The place of `text`, a path as seen from the file at `from`, in the laid-out project. */
function relinked(text: string, from: string, isSpecifier: boolean): string {
  if (!/^\.\.?\//.test(text) || !text.endsWith(".ts")) return text;
  const target = new URL(text, `file:///${from}`).pathname.slice(1);
  if (target !== "mod.ts" && !target.startsWith("src/")) {
    return text.replace(/\.ts$/, ".js");
  }
  const entry = Object.entries(config.exports)
    .find(([, file]) => file === `./${target}`)?.[0];
  if (isSpecifier && entry !== undefined) return config.name + entry.slice(1);
  return installed(target.replace(/\.ts$/, ".js"), from);
}

/** A path of the installed package, as seen from the file at `from`. */
function installed(target: string, from: string): string {
  return `${
    "../".repeat(from.split("/").length - 1)
  }node_modules/${config.name}/${target}`;
}
