/**
 * Runs one program, which uses a little of everything (`tests/tools/versions/program.js`),
 * from the tarball on the oldest and the newest version of each runtime that the README
 * names; `deno run -A scripts/smoke.ts node@latest` runs it on others. npm fetches versions
 * once, into the user's cache directory.
 *
 * @module
 */
import { packOnce } from "./pack.ts";
import { mustRun, ROOT, run } from "./project.ts";
import { findRuntime, type RuntimeId } from "./runtimes.ts";
import { installed } from "./tool_cache.ts";

/** The oldest versions that the README names; and one between that had a fault of its own. */
const FETCHED = [
  "node@20.16.0",
  "node@22.3.0",
  "bun@1.2.6",
  "bun@1.2.20",
  "deno@2.4.0",
];

/** The newest ones, which the other tests run on as well. */
const NEWEST: RuntimeId[] = ["node26", "bun", "deno"];

/** Seconds for one run of the program. */
const TIMEOUT = 60;

/** A version of a runtime, with its program, or why there is none. */
export interface Version {
  name: string;
  program: string | undefined;
  reason: string;
}

/** All versions, fetched where need be. */
export async function allVersions(specs: string[] = FETCHED): Promise<Version[]> {
  const versions = await Promise.all(specs.map(fetchVersion));
  if (specs !== FETCHED) return versions;
  const newest = NEWEST.map((id) => had(id, () => findRuntime(id)));
  return [...versions, ...await Promise.all(newest)];
}

function fetchVersion(spec: string): Promise<Version> {
  return had(spec, async () => {
    const [name, version] = spec.split("@") as [string, string];
    const program = `node_modules/.bin/${name}`;
    const place = await installed(
      `runtimes/${spec}`,
      { [name]: version },
      { check: (folder) => mustRun([`${folder}/${program}`, "--version"]) },
    );
    return `${place}/${program}`;
  });
}

async function had(name: string, find: () => Promise<string>): Promise<Version> {
  try {
    return { name, program: await find(), reason: "" };
  } catch (error) {
    const [reason] = String(error).split("\n");
    return { name, program: undefined, reason: `cannot be fetched: ${reason}` };
  }
}

/** Lays a project with the program and the package in a folder that is there. */
export async function layProgram(folder: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/package.json`, '{ "type": "module" }');
  await Deno.copyFile(
    `${ROOT}/tests/tools/versions/program.js`,
    `${folder}/program.js`,
  );
  const flags = ["--no-audit", "--no-fund", "--no-package-lock", "--prefer-offline"];
  await mustRun(["npm", "install", ...flags, await packOnce(folder)], { cwd: folder });
}

/** Runs the program; gives how many items pass, or all that it has printed. */
export async function smoke(
  folder: string,
  { name, program }: Version,
): Promise<number | string> {
  const words = name.startsWith("deno") ? ["run", "-A"] : [];
  const command = [program!, ...words, "program.js"];
  const { code, stdout, output } = await run(command, {
    cwd: folder,
    timeout: TIMEOUT,
  });
  const passed = /^(\d+) items pass\n$/.exec(stdout);
  return code === 0 && passed !== null ? Number(passed[1]) : `${code}: ${output}`;
}

if (import.meta.main) {
  const folder = await Deno.makeTempDir({ prefix: "smoke-" });
  try {
    await layProgram(folder);
    for (
      const version of await allVersions(Deno.args.length > 0 ? Deno.args : FETCHED)
    ) {
      const { name, program, reason } = version;
      const result = program === undefined ? reason : await smoke(folder, version);
      if (typeof result === "string" && program !== undefined) Deno.exitCode = 1;
      const text = typeof result === "number" ? `${result} items pass` : result;
      console.log(`${name}: ${text}`);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
