/**
 * The option `permissions` of a new process. Not in CPython.
 *
 * @module
 */
import { isURL } from "../runtime/brands.ts";
import { pythonTypeName, repr } from "../python/arguments.ts";
import { pathOf } from "../runtime/paths.ts";
import { NotImplementedError, PermissionError, ValueError } from "../python/errors.ts";
import {
  type GrantKind,
  type Grants,
  KINDS,
  runtime,
  type Wanted,
} from "../runtime/mod.ts";

/** All of a kind, nothing, what this process has, or a list. */
export type Permission = boolean | "inherit" | readonly string[];

/** The same, where the list is of files and folders. */
export type PathPermission = boolean | "inherit" | readonly (string | URL)[];

/**
 * The permissions of a new process, by kinds; it has none of a kind that is left out. As
 * `Deno.PermissionOptionsObject`.
 */
export interface PermissionLists {
  /** Files and folders that it may read. */
  read?: PathPermission;
  /** Files and folders that it may write to. */
  write?: PathPermission;
  /** Hosts that it may connect to and listen at, with or without a port. */
  net?: Permission;
  /** Variables of the environment that it may read and set. */
  env?: Permission;
  /** Programs that it may run. They may do everything that the user may. */
  run?: PathPermission;
  /** Facts that it may ask of the system: `hostname`, `osRelease` … */
  sys?: Permission;
  /** Native libraries that it may load. They may do everything that the user may. */
  ffi?: PathPermission;
  /**
   * Hosts that it may fetch modules from. False: it may import what is in the cache
   * already, and fetches nothing.
   */
  import?: Permission;
}

/** The permissions of a new process: those of this one (`"inherit"`), none, or some. */
export type PermissionsOption = "inherit" | "none" | PermissionLists;

/**
 * Checks the option.
 *
 * @returns Undefined for `"inherit"`.
 * @throws {ValueError} if it is malformed
 */
export function asWanted(option: unknown): Wanted | undefined {
  if (option === "inherit" || option === null) return undefined;
  const isLists = typeof option === "object" && !Array.isArray(option);
  if (!isLists && option !== "none") {
    throw new ValueError(
      `permissions must be "inherit", "none" or an object of lists, not ${
        repr(option)
      }`,
    );
  }
  const lists: Record<string, unknown> = option === "none" ? {} : { ...option };
  for (const name of Object.keys(lists)) {
    if (!(KINDS as readonly string[]).includes(name)) {
      throw new ValueError(
        `unknown permission ${repr(name)}: there are ${KINDS.join(", ")}`,
      );
    }
  }
  const entries = KINDS.map((kind) => [kind, asExtent(kind, lists[kind] ?? false)]);
  return Object.fromEntries(entries);
}

function asExtent(kind: GrantKind, value: unknown): true | "inherit" | string[] {
  if (value === true || value === "inherit") return value;
  if (value === false) return [];
  if (!Array.isArray(value)) {
    throw new ValueError(
      `permission ${repr(kind)} must be a boolean, "inherit" or a list, ` +
        `not ${pythonTypeName(value)}`,
    );
  }
  return value.map((part) => asPart(kind, part));
}

const PATH = /^[^\0]+$/;
/** Also with a port, of many hosts (`*.example.com`, `10.0.0.0/8`), or a socket's path. */
const HOST =
  /^(\[[\da-f:.]+\](:\d+)?|[\w.*-]+(\/\d+)?(:\d+)?|[\da-f:]+(\/\d+)?|(unix|vsock):[^\0,]+)$/i;

/** The forms of the parts of lists. */
const FORMS: Readonly<Record<GrantKind, RegExp>> = {
  read: PATH,
  write: PATH,
  run: PATH,
  ffi: PATH,
  net: HOST,
  import: HOST,
  env: /^[^\0=,]+$/,
  sys: /^[a-z]+$/i,
};

function asPart(kind: GrantKind, part: unknown): string {
  const takesUrls = /^(read|write|run|ffi)$/.test(kind);
  if (takesUrls && isURL(part) && part.protocol === "file:") {
    return pathOf(part);
  }
  if (typeof part === "string" && FORMS[kind].test(part)) return part;
  throw new ValueError(`permission ${repr(kind)} has ${repr(part)} in its list`);
}

/**
 * The permissions of a process that is started now.
 *
 * @param wanted The value that {@linkcode asWanted} gave.
 * @returns Undefined for everything.
 * @throws {PermissionError} if this process does not hold it itself
 * @throws {NotImplementedError} if the runtime cannot keep a process from what it shall
 * not do
 * @throws {ValueError} if there can be no such host, kind …
 */
export function grantsFor(wanted: Wanted | undefined): Grants | undefined {
  if (wanted === undefined) return runtime.permissions.held();
  const { grants, missing, unable } = limited(wanted);
  if (unable.length > 0) {
    throw new NotImplementedError(
      `${runtime.title} cannot limit what a process may do: ${unable.join(", ")}`,
    );
  }
  if (missing.length > 0) {
    throw new PermissionError(
      `a process may not have permissions that this one does not hold: ${
        missing.join(", ")
      }`,
    );
  }
  return grants;
}

function limited(wanted: Wanted) {
  try {
    return runtime.permissions.limit(wanted);
  } catch (error) { // of the runtime, about a name or host that makes no sense
    throw new ValueError((error as Error).message, { cause: error });
  }
}
