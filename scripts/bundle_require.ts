/**
 * The package for `require()` where that cannot load modules: Jest without Node's flag for
 * modules in contexts, and Node 20 before 20.19.
 *
 * ```text
 * src/bundle/require.cjs   all of the package, each entry evaluated when it is first asked for
 * mod.cjs, src/*.cjs       doors to the entries
 * ```
 *
 * Bundlers are not led there: what they make of `require()` and `import` must be one copy.
 *
 * @module
 */
import * as esbuild from "esbuild";

/** The conditions, in the order of which the first counts, of an entry at `./path.js`. */
export function conditionsOf(entry: Record<string, string>): Record<string, unknown> {
  const { types, import: module } = entry;
  return {
    types,
    bun: module,
    "module-sync": module,
    import: module,
    // Node and Jest have this condition, and bundlers have it not.
    require: { "node-addons": module!.replace(/\.js$/, ".cjs"), default: module },
    default: module,
  };
}

/**
 * The files by path, made from the package's modules in `folder`.
 *
 * @param entries The entries, such as `mod.js`.
 * @param bundle The folder of the bundle.
 */
export async function requireFiles(
  folder: string,
  entries: string[],
  bundle: string,
  alias: Record<string, string>,
): Promise<Record<string, string>> {
  const contents = entries.map((path) =>
    `exports[${JSON.stringify(path)}] = () => require("./${path}");`
  );
  const { outputFiles } = await esbuild.build({
    absWorkingDir: folder,
    stdin: { contents: contents.join("\n"), resolveDir: folder, loader: "js" },
    bundle: true,
    format: "cjs",
    platform: "neutral",
    target: "node20",
    alias,
    packages: "external",
    define: { "import.meta.url": "__url" },
    banner: { js: 'const __url=require("node:url").pathToFileURL(__filename).href;' },
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 100,
    write: false,
    logLevel: "error",
  });
  const files = { [`${bundle}/require.cjs`]: outputFiles[0]!.text };
  for (const path of entries) {
    const up = "../".repeat(path.split("/").length - 1) || "./";
    files[path.replace(/\.js$/, ".cjs")] = `module.exports=require("${up}${bundle}` +
      `/require.cjs")[${JSON.stringify(path)}]();\n`;
  }
  return files;
}
