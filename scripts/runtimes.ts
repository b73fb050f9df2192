/**
 * Finds the JavaScript runtimes that the tests and the benchmark run on. What is on the
 * `PATH` in a right version is taken; for the rest, `npx` fetches the runtime's npm
 * package, once, and tells where the program is. So Node and npm are all that a machine
 * needs.
 *
 * @module
 */
import { run } from "./project.ts";

/** The runtimes, in the order of the reports. */
export const RUNTIMES = ["deno", "bun", "node24", "node26", "node20"] as const;

/** One of {@linkcode RUNTIMES}. */
export type RuntimeId = typeof RUNTIMES[number];

/** How each runtime is asked for, and what counts as a right version. */
const WANTED = {
  bun: {
    program: "bun",
    spec: "bun@1.4.5",
    fits: (v: number[]) => atLeast(v, [1, 4, 5]),
  },
  node24: { program: "node", spec: "node@24", fits: (v: number[]) => v[0] === 24 },
  node26: { program: "node", spec: "node@26", fits: (v: number[]) => v[0] === 26 },
  node20: { program: "node", spec: "node@20", fits: (v: number[]) => v[0] === 20 },
} as const;

const found = new Map<RuntimeId, Promise<string>>();

/** The path of a runtime's program; it is looked for once. */
export function findRuntime(id: RuntimeId): Promise<string> {
  let path = found.get(id);
  if (path === undefined) found.set(id, path = lookForRuntime(id));
  return path;
}

async function lookForRuntime(id: RuntimeId): Promise<string> {
  if (id === "deno") return Deno.execPath();
  const { program, spec, fits } = WANTED[id];
  const script =
    "console.log(globalThis.Bun?.version ?? process.versions.node, process.execPath)";
  const present = await ask([program, "-e", script]);
  if (present !== undefined && fits(present.version)) return present.path;
  const fetched = await ask(["npx", "-y", spec, "-e", script]);
  if (fetched === undefined) {
    throw new Error(`neither the PATH nor \`npx -y ${spec}\` gives a ${id} that works`);
  }
  return fetched.path;
}

async function ask(command: string[]) {
  try {
    const { code, stdout } = await run(command, { timeout: 300 });
    const match = /^(\d+)\.(\d+)\.(\d+)\S* (.+)$/m.exec(stdout);
    if (code !== 0 || match === null) return undefined;
    const [, major, minor, patch, path] = match;
    return {
      version: [Number(major), Number(minor), Number(patch)],
      path: path!.trim(),
    };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function atLeast(version: number[], wanted: number[]): boolean {
  for (const [i, part] of wanted.entries()) {
    if (version[i]! !== part) return version[i]! > part;
  }
  return true;
}
