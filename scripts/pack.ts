/**
 * Builds the npm tarball by `deno pack` and mends what that leaves out:
 * `deno task pack [folder]` writes `<name>-<version>.tgz` there, or in the root.
 *
 * `deno pack` turns every module that an entry point reaches into JavaScript with types.
 * Files that none reaches it ships as raw TypeScript, which Node refuses to load from
 * `node_modules`: they are taken out. It writes a `package.json` of few fields: the rest
 * is put in. What is left is bundled, so that processes start quickly. `npm pack` then
 * makes the tarball, so npm's own checks have been passed.
 *
 * @module
 */
import { BUILT_IN, BUNDLE, bundle } from "./bundle.ts";
import { importsFor } from "./bundle_node.ts";
import { conditionsOf } from "./bundle_require.ts";
import { PACKAGE_FIELDS } from "./package_json.ts";
import { config, mustRun, ROOT } from "./project.ts";

/** Builds the tarball in `folder`; gives its path. */
export async function pack(folder: string): Promise<string> {
  const work = await Deno.makeTempDir({ prefix: "pack-" });
  try {
    const raw = `${work}/raw.tgz`;
    await mustRun([
      Deno.execPath(),
      "pack",
      "--quiet",
      "--allow-dirty",
      "--no-source-maps",
      `--output=${raw}`,
    ]);
    await mustRun(["tar", "-xzf", raw, "-C", work]);
    removeSources(`${work}/package`);
    await bundle(`${work}/package`);
    completePackageJson(`${work}/package/package.json`);
    const said = await mustRun(
      ["npm", "pack", "--json", "--ignore-scripts", `--pack-destination=${folder}`],
      { cwd: `${work}/package` },
    );
    const [{ filename }] = JSON.parse(said) as [{ filename: string }];
    return `${folder}/${filename}`;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Takes out what is TypeScript and not a declaration. */
function removeSources(folder: string): void {
  for (const entry of [...Deno.readDirSync(folder)]) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory) removeSources(path);
    else if (/\.ts$/.test(path) && !/\.d\.ts$/.test(path)) Deno.removeSync(path);
    else if (/\/deno\.jsonc?$/.test(path)) Deno.removeSync(path);
  }
}

function completePackageJson(path: string): void {
  const written = JSON.parse(Deno.readTextFileSync(path));
  const wanted = Object.keys(config.exports);
  const found = Object.keys(written.exports);
  if (wanted.join() !== found.join()) {
    throw new Error(`the tarball exports ${found}, deno.json ${wanted}`);
  }
  for (const name of found) {
    if (name !== "./child") written.exports[name] = conditionsOf(written.exports[name]);
  }
  delete written.dependencies[BUILT_IN];
  const { name, version, ...rest } = { ...written, ...PACKAGE_FIELDS };
  const described = { name, version, ...rest, imports: importsFor(`./${BUNDLE}`) };
  Deno.writeTextFileSync(path, JSON.stringify(described, null, 2));
}

if (import.meta.main) {
  const path = await pack(Deno.args[0] ?? ROOT);
  console.log(path);
}
