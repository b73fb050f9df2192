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
import { resolve } from "node:path";
import { bundle } from "./bundle.ts";
import { keepModuleDocs } from "./module_docs.ts";
import { completed, readmeOfPackage } from "./package_json.ts";
import { mustRun, ROOT } from "./project.ts";

/** Builds the tarball in `folder`, which need not be there; gives its path. */
export async function pack(folder: string): Promise<string> {
  await Deno.mkdir(folder, { recursive: true });
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
    await keepModuleDocs(`${work}/package`);
    const readme = `${work}/package/README.md`;
    Deno.writeTextFileSync(readme, readmeOfPackage(Deno.readTextFileSync(readme)));
    const packageJson = `${work}/package/package.json`;
    const written = JSON.parse(Deno.readTextFileSync(packageJson));
    Deno.writeTextFileSync(
      packageJson,
      JSON.stringify(completed(written, "."), null, 2),
    );
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

/** The variable that names the tarball of a run of the tests, where that will be. */
export const TARBALL = "TEST_TARBALL";

/** The tarball of this run of the tests, if it is there; else one is built in `folder`. */
export async function packOnce(folder: string): Promise<string> {
  const path = Deno.env.get(TARBALL);
  const isThere = path !== undefined && await Deno.stat(path).catch(() => undefined);
  return isThere ? path : pack(folder);
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

if (import.meta.main) {
  // As seen from where the task was started.
  const from = Deno.env.get("INIT_CWD") ?? Deno.cwd();
  const path = await pack(
    Deno.args[0] === undefined ? ROOT : resolve(from, Deno.args[0]),
  );
  console.log(path);
}
