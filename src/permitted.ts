/**
 * What the root does for a child that asks for a process: no more than the child may do
 * itself, whatever it says.
 *
 * @module
 */
import { PermissionError } from "./python/errors.ts";
import { type Grants, isWhole, runtime } from "./runtime/mod.ts";
import { get_executable, type LaunchConfig } from "./spawn.ts";

/**
 * Variables by which a program that starts loads code, writes files or asks others for its
 * permissions, before or beside what it is told to run. Deno itself refuses the first two
 * without the full permission to run programs; the others are those of the runtimes.
 */
const LOADS_CODE =
  /^(LD_|DYLD_|DENO_|NODE_(?!ENV$)|BUN_|NPM_CONFIG_|OTEL_|GCONV_PATH$|GLIBC_TUNABLES$|HOME$|XDG_CACHE_HOME$|LOCALAPPDATA$|USERPROFILE$)/i;

/**
 * Checks what a child asks for.
 *
 * @param grants What the child may do; undefined for everything.
 * @throws {PermissionError} if the child may not have it
 */
export function checkLaunch(launch: LaunchConfig, grants: Grants | undefined): void {
  if (grants === undefined || isWhole(grants.run)) return; // it could run it by itself
  const { executable, env, name } = launch;
  if (executable !== null && executable !== get_executable()) {
    throw new PermissionError(`${name} may not run '${executable}'`);
  }
  for (const [key, value] of Object.entries(env ?? {})) {
    if (!LOADS_CODE.test(key.trim()) || runtime.permissions.isHandedOn(key, value)) {
      continue;
    }
    throw new PermissionError(
      `Requires full run permission to start a process with another value of the ` +
        `environment variable ${key}`,
    );
  }
}
