/**
 * What tests install from npm, kept in the user's cache directory: once for each version.
 *
 * @module
 */
import { mustRun } from "./project.ts";

/**
 * A folder in which packages are installed.
 *
 * @param name Its path in the cache, which tells the versions.
 * @param dependencies Packages and their versions.
 * @param options `flags`: more flags of `npm install`; `check` is to fail in the new folder
 * if what is there does not work.
 */
export async function installed(
  name: string,
  dependencies: Record<string, string>,
  { flags = [], check }: {
    flags?: string[];
    check?: (folder: string) => Promise<unknown>;
  } = {},
): Promise<string> {
  const cache = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME")}/.cache`;
  const place = `${cache}/pystd-multiprocessing-tests/${name}`;
  if (await isThere(place)) return place;
  const made = `${place}.${Deno.pid}`;
  const text = JSON.stringify({ private: true, dependencies });
  const quietly = ["--no-audit", "--no-fund", "--no-package-lock"];
  try {
    await Deno.mkdir(made, { recursive: true });
    await Deno.writeTextFile(`${made}/package.json`, text);
    await mustRun(["npm", "install", ...quietly, ...flags], {
      cwd: made,
      timeout: 200,
    });
    await check?.(made);
    // Another run may have been quicker.
    if (!await isThere(place)) await Deno.rename(made, place);
  } finally {
    if (await isThere(made)) await Deno.remove(made, { recursive: true });
  }
  return place;
}

async function isThere(path: string): Promise<boolean> {
  return await Deno.lstat(path).then(() => true, () => false);
}
