/**
 * The package for `require()` where that cannot load modules: Jest without Node's flag for
 * modules in contexts, and Node 20 before 20.19.
 *
 * ```text
 * src/bundle/require.cjs   runs the modules of the bundle as scripts: `require.cjs` here
 * mod.cjs, src/*.cjs       doors to the entries
 * ```
 *
 * Bundlers are not led there: what they make of `require()` and `import` must be one copy.
 *
 * @module
 */
import { ROOT } from "./project.ts";
import { shorten } from "./shorten.ts";

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
 * The files by path.
 *
 * @param entries The entries' paths in the package, such as `mod.js`.
 * @param bundle The folder of the bundle.
 */
export async function requireFiles(
  entries: string[],
  bundle: string,
): Promise<Record<string, string>> {
  const loader = await Deno.readTextFile(`${ROOT}/scripts/require.cjs`);
  const files = { [`${bundle}/require.cjs`]: await shorten(loader) };
  for (const path of entries) {
    const up = "../".repeat(path.split("/").length - 1) || "./";
    files[path.replace(/\.js$/, ".cjs")] = `module.exports=require("${up}${bundle}` +
      `/require.cjs").load(require("node:path").join(__dirname,${
        JSON.stringify(path.split("/").at(-1))
      }));\n`;
  }
  return files;
}
