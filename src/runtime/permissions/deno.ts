/**
 * The present permissions of this process on Deno, and those of a child that is to have less.
 *
 * The known grants (from the command line in the root, from the root in a child) are only a
 * list of questions: Deno's answers count. A permission that is held in part, for no known
 * reason, counts as not held.
 *
 * @module
 */
import { claims, type CommandLine, readCommandLine } from "./deno_command_line.ts";
import {
  absolutePath,
  allGrants,
  type Extent,
  type Grant,
  type GrantKind,
  type Grants,
  isEmpty,
  KINDS,
  type Limited,
  type Wanted,
} from "./grants.ts";
import type { Permissions } from "../types.ts";

/** The grants at the start, as far as they are known. */
let granted: Grants | undefined;
let line: CommandLine | undefined;

/** See {@linkcode Permissions}. */
export const denoPermissions: Permissions = {
  held,
  limit,
  isHandedOn: (name, value) =>
    stateOf({ name: "env", variable: name })?.state === "granted" &&
    value === Deno.env.get(name),
  assume(grants) {
    granted = grants ?? allGrants(true);
  },
  onDrop(handler) {
    type Given = [Deno.PermissionDescriptor];
    const { prototype } = Deno.Permissions;
    const original = prototype.revokeSync;
    function revokeSync(this: Deno.Permissions, ...given: Given) {
      const status = original.apply(this, given);
      handler();
      return status;
    }
    // deno-lint-ignore require-await -- an error of it rejects
    async function revoke(this: Deno.Permissions, ...given: Given) {
      return revokeSync.apply(this, given);
    }
    Object.defineProperties(prototype, {
      revokeSync: { value: revokeSync },
      revoke: { value: revoke },
    });
  },
};

/** Whether this process may do everything. */
export function isAllowedAll(): boolean {
  return KINDS.every((kind) => isFull(stateOf({ name: kind })));
}

/** The command line of this process, read once. */
export function commandLine(): CommandLine {
  return line ??= readCommandLine(isAllowedAll());
}

function held(): Grants | undefined {
  if (isAllowedAll() && !granted?.isOffline) return undefined;
  granted ??= placed(claims(commandLine()));
  const grants = allGrants(false);
  for (const kind of KINDS) grants[kind] = heldOf(kind, granted[kind]);
  if (granted.isOffline) grants.isOffline = true;
  return grants;
}

type State = Pick<Deno.PermissionStatus, "state" | "partial"> | undefined;

/** The state of a permission; undefined if Deno knows no such descriptor. */
function stateOf(descriptor: Deno.PermissionDescriptor): State {
  try {
    return Deno.permissions.querySync(descriptor);
  } catch {
    return undefined;
  }
}

function isFull(state: State): boolean {
  return state?.state === "granted" && !state.partial;
}

function heldOf(kind: GrantKind, { allow, deny, ignore }: Grant): Grant {
  const state = stateOf({ name: kind });
  if (isFull(state)) return { allow: true, deny: [], ignore: [] };
  const isExplained = !isEmpty(deny) || !isEmpty(ignore);
  const isHeld = (state: State) =>
    state?.state === "granted" && (!state.partial || isExplained);
  if (isHeld(state)) return { allow: true, deny, ignore };
  if (allow === true) return { allow: [], deny, ignore };
  const parts = allow.filter((part) => isHeld(stateOf(sample(kind, part, allow))));
  return { allow: parts, deny, ignore };
}

/** The descriptor of a part of a permission. */
function descriptor(name: GrantKind, part: string): Deno.PermissionDescriptor {
  switch (name) {
    case "read":
    case "write":
    case "ffi":
      return { name, path: part };
    case "net":
    case "import":
      return { name, host: part };
    case "env":
      return { name, variable: part };
    case "run":
      return { name, command: part };
    default:
      return { name, kind: part as "hostname" };
  }
}

/** The descriptor of a part; for a range of hosts that of one that no other part names. */
function sample(
  kind: GrantKind,
  part: string,
  all: readonly string[],
): Deno.PermissionDescriptor {
  if (kind !== "net" && kind !== "import") return descriptor(kind, part);
  const random = crypto.getRandomValues(new Uint32Array(1))[0]!;
  if (part.startsWith("*.")) return descriptor(kind, `x${random}${part.slice(1)}`);
  const [, address, bits] = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(part) ?? [];
  if (address === undefined) return descriptor(kind, part);
  const bytes = address.split(".").map(Number);
  const host = bits === "0" ? random : random % 2 ** (32 - Number(bits));
  const some = bytes.map((byte, i) => byte | host >>> 8 * (3 - i) & 255).join(".");
  const isApart = all.every((other) => other.split(":")[0] !== some);
  return descriptor(kind, isApart ? some : "");
}

// --- places

/**
 * The grants with absolute paths, which mean the same in another directory and with another
 * `PATH`. A denial whose place is unknown holds everywhere.
 */
function placed(grants: Grants): Grants {
  const places = { ...grants };
  for (const kind of ["read", "write", "ffi", "run"] as const) {
    const { allow, deny, ignore } = grants[kind];
    places[kind] = {
      allow: mapExtent(allow, (part) => placesOf(kind, part)),
      deny: placeDenied(kind, deny),
      ignore: placeDenied(kind, ignore),
    };
  }
  return places;
}

function mapExtent(extent: Extent, map: (part: string) => string[]): Extent {
  return extent === true ? true : extent.flatMap(map);
}

function placeDenied(kind: GrantKind, extent: Extent): Extent {
  const places: string[] = [];
  for (const part of extent === true ? [] : extent) {
    const denied = placesOf(kind, part).filter((place) =>
      stateOf(descriptor(kind, place))?.state === "denied"
    );
    // A program that does not exist now is denied by its name, as in this process.
    if (denied.length === 0 && kind !== "run") return true;
    places.push(...denied.length === 0 ? [part] : denied);
  }
  return extent === true ? true : places;
}

/** The paths that a part may stand for. */
function placesOf(kind: GrantKind, part: string): string[] {
  if (kind !== "run" || /[/\\]/.test(part)) return [absolutePath(part, Deno.cwd())];
  const isWindows = Deno.build.os === "windows";
  const folders = commandLine().path.split(isWindows ? ";" : ":").filter(Boolean);
  return folders.flatMap((folder) => {
    const place = absolutePath(`${folder}/${part}`, Deno.cwd());
    return isWindows ? [place, `${place}.exe`] : [place];
  });
}

function limit(wanted: Wanted): Limited {
  const own = held() ?? allGrants(true);
  const grants = allGrants(false);
  const missing: string[] = [];
  for (const kind of KINDS) {
    grants[kind] = { ...own[kind] };
    const want = wanted[kind];
    if (want === true && own[kind].allow !== true) missing.push(kind);
    if (want === "inherit" || want === true) continue;
    if (kind === "import" && want.length === 0) {
      grants.isOffline = true;
      continue;
    }
    grants[kind].allow = want.flatMap((part) => {
      const place = kind === "run" ? programOf(part) : placeOf(kind, part);
      if (place.includes(",")) {
        throw new TypeError(`a permission of Deno has no comma in it: ${place}`);
      }
      const state = Deno.permissions.querySync(descriptor(kind, place)).state;
      if (state !== "granted") missing.push(`${kind} of ${part}`);
      return place;
    });
  }
  if (own.isOffline) grants.isOffline = true;
  return { grants, missing, unable: [] };
}

function placeOf(kind: GrantKind, part: string): string {
  return /^(read|write|ffi)$/.test(kind) ? absolutePath(part, Deno.cwd()) : part;
}

/** The first program of a name on the `PATH` that this process may run. */
function programOf(name: string): string {
  const places = placesOf("run", name);
  const mayRun = (place: string) =>
    stateOf({ name: "run", command: place })?.state === "granted" && isThere(place);
  return places.find(mayRun) ?? places[0] ?? name;
}

function isThere(file: string): boolean {
  try {
    return Deno.statSync(file).isFile;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound); // it may be in an unreadable place
  }
}
