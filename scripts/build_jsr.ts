/**
 * Builds in `jsr/` what JSR is given: `deno run -A scripts/build_jsr.ts`, then
 * `cd jsr && deno publish`. The same files as in the npm tarball, so that processes start
 * as quickly, and each tells where its types are. Without `--dry-run` nothing is sent.
 *
 * @module
 */
import { lay } from "./pack.ts";
import { config, filesUnder, mustRun, ROOT } from "./project.ts";

/** What `deno.json` maps for the sources themselves, not for tests and scripts. */
const LIBRARIES = /^(cbor-x\/|cli-progress$)/;

/** Builds the package for JSR in `folder`, which must not exist. */
export async function buildForJsr(folder: string): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "jsr-" });
  try {
    await lay(work);
    await mustRun(["cp", "-r", `${work}/package`, folder]);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
  await Deno.remove(`${folder}/package.json`);
  const { name, version, license, imports, minimumDependencyAge } = config;
  await Deno.writeTextFile(
    `${folder}/deno.json`,
    JSON.stringify(
      {
        name,
        version,
        license,
        exports: mapped(config.exports, (path) => path.replace(/\.ts$/, ".js")),
        imports: Object.fromEntries(
          Object.entries(imports).filter(([library]) => LIBRARIES.test(library)),
        ),
        minimumDependencyAge,
      },
      null,
      2,
    ),
  );
  for (const types of filesUnder("", ".d.ts", folder)) {
    const file = `${folder}/${types.replace(/\.d\.ts$/, ".js")}`;
    const name = types.slice(types.lastIndexOf("/") + 1);
    const code = await Deno.readTextFile(file);
    await Deno.writeTextFile(file, `/* @ts-self-types="./${name}" */\n${code}`);
  }
}

function mapped<T>(
  values: Record<string, T>,
  change: (value: T) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, change(value)]),
  );
}

if (import.meta.main) {
  await Deno.remove(`${ROOT}/jsr`, { recursive: true }).catch(() => {});
  await buildForJsr(`${ROOT}/jsr`);
  console.log("jsr/ is ready: cd jsr && deno publish");
}
