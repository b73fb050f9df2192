/**
 * Builds in `jsr/` what JSR is given: `deno run -A scripts/build_jsr.ts`, then
 * `cd jsr && deno publish`. It is what the npm tarball holds, so that processes start as
 * quickly, and each file tells where its types are.
 *
 * @module
 */
import { BUNDLE } from "./bundle.ts";
import { NODE_ONLY, PARTS } from "./bundle_node.ts";
import { pack } from "./pack.ts";
import { config, filesUnder, mustRun, ROOT } from "./project.ts";

/** Makes the package for JSR of a tarball, in `folder`, which must not exist. */
export async function buildForJsr(tarball: string, folder: string): Promise<void> {
  await Deno.mkdir(folder);
  await mustRun(["tar", "-xzf", tarball, "--strip-components=1", "-C", folder]);
  const { dependencies = {}, peerDependencies } = JSON.parse(
    await Deno.readTextFile(`${folder}/package.json`),
  );
  const libraries = Object.keys({ ...dependencies, ...peerDependencies });
  await Deno.remove(`${folder}/package.json`);
  for (const file of NODE_ONLY) await Deno.remove(`${folder}/${BUNDLE}/${file}`);
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    JSON.stringify(configOf(libraries), null, 2),
  );
  for (const types of filesUnder("", ".d.ts", folder)) {
    const file = `${folder}/${types.replace(/\.d\.ts$/, ".js")}`;
    const name = types.slice(types.lastIndexOf("/") + 1);
    const code = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, `/* @ts-self-types="./${name}" */\n${code}`);
    await hideSetters(`${folder}/${types}`);
  }
}

/**
 * Leaves to the getter what there is to say of a pair: of declarations, Deno's linter of
 * documentation takes a setter for a method that lacks a description and a result.
 */
async function hideSetters(types: string): Promise<void> {
  const text = await Deno.readTextFile(types);
  await Deno.writeTextFile(
    types,
    text.replaceAll(/^( +)(set \w+\()/gm, "$1/** @ignore */ $2"),
  );
}

/** The package's `deno.json`; it maps what the sources import of these libraries. */
function configOf(libraries: string[]) {
  const { name, version, license, minimumDependencyAge } = config;
  const exports = Object.entries(config.exports)
    .map(([entry, path]) => [entry, path.replace(/\.ts$/, ".js")]);
  const parts = PARTS.map((part) => [`#${part}`, `./${BUNDLE}/${part}.js`]);
  const imports = Object.entries(config.imports)
    .filter(([, target]) => libraries.some((npm) => target.startsWith(`npm:${npm}@`)));
  return {
    name,
    version,
    license,
    exports: Object.fromEntries(exports),
    imports: { ...Object.fromEntries(imports), ...Object.fromEntries(parts) },
    minimumDependencyAge,
    // What is built is not in git, and would be left out.
    publish: { exclude: ["!**/*"] },
  };
}

if (import.meta.main) {
  const folder = `${ROOT}/jsr`;
  const temporary = await Deno.makeTempDir({ prefix: "jsr-" });
  try {
    await Deno.remove(folder, { recursive: true }).catch(() => {});
    await buildForJsr(await pack(temporary), folder);
  } finally {
    await Deno.remove(temporary, { recursive: true });
  }
  console.log("jsr/ is ready: cd jsr && deno publish");
}
