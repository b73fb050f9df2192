/**
 * The permissions of a process, by kinds, as data: the intersection of two such sets, and
 * whether a part of one is in another. Pure. The kinds are Deno's; a kind that a runtime
 * cannot restrict counts as allowed there.
 *
 * @module
 */

/** The kinds of permissions, by Deno's names. */
export const KINDS = [
  ...["read", "write", "net", "env", "run", "sys", "ffi", "import"] as const,
];

/** One of {@linkcode KINDS}. */
export type GrantKind = typeof KINDS[number];

/** Exceptions of a kind at most: a malicious process could make them grow without end. */
const MAX_EXCEPTIONS = 1000;

/** Everything of a kind, or a list of paths, hosts, names … */
export type Extent = true | string[];

/** The permission of one kind. */
export interface Grant {
  allow: Extent;
  /** Wins over `allow`. */
  deny: Extent;
  /** The same, but the denied things look as if they did not exist. */
  ignore: Extent;
}

/** The permissions of a process. Paths are absolute and normal. */
export type Grants = Record<GrantKind, Grant> & {
  /** Whether only those remote modules may be imported that are in the cache. */
  isOffline?: boolean;
};

/** The permissions that a user wants a process to have. */
export type Wanted = Record<GrantKind, "inherit" | Extent>;

/** The permissions of a process by {@linkcode Wanted}. */
export interface Limited {
  grants: Grants;
  /** The wanted permissions that this process lacks, in words. */
  missing: string[];
  /** The kinds that this runtime cannot restrict so, and possible values, in words. */
  unable: string[];
}

/** Everything, or nothing at all. */
export function allGrants(isAllowed: boolean): Grants {
  const entries = KINDS.map((kind) => {
    const grant: Grant = { allow: isAllowed || [], deny: [], ignore: [] };
    return [kind, grant];
  });
  return Object.fromEntries(entries) as Grants;
}

/** Whether all of a kind is allowed, without exceptions. */
export function isWhole({ allow, deny, ignore }: Grant): boolean {
  return allow === true && isEmpty(deny) && isEmpty(ignore);
}

/** Whether a process has all permissions. */
export function isEverything(grants: Grants): boolean {
  return !grants.isOffline && KINDS.every((kind) => isWhole(grants[kind]));
}

/** Whether an extent has nothing in it. */
export function isEmpty(extent: Extent): boolean {
  return extent !== true && extent.length === 0;
}

/** The intersection of two sets; undefined stands for everything. */
export function meet(a: Grants | undefined, b: Grants | undefined): Grants | undefined {
  const met = a === undefined || b === undefined ? a ?? b : meetBoth(a, b);
  return met === undefined || isEverything(met) ? undefined : met;
}

function meetBoth(a: Grants, b: Grants): Grants {
  const grants = allGrants(false);
  for (const kind of KINDS) {
    grants[kind] = {
      allow: meetAllowed(kind, a[kind].allow, b[kind].allow),
      deny: union(a[kind].deny, b[kind].deny),
      ignore: union(a[kind].ignore, b[kind].ignore),
    };
  }
  if (a.isOffline || b.isOffline) grants.isOffline = true;
  return grants;
}

function meetAllowed(kind: GrantKind, a: Extent, b: Extent): Extent {
  if (a === true || b === true) return a === true ? b : a;
  const both = [
    ...b.filter((part) => a.some((whole) => covers(kind, whole, part))),
    ...a.filter((part) => b.some((whole) => covers(kind, whole, part))),
  ];
  return [...new Set(both)];
}

/** The union; everything if there are more parts than users make. */
function union(a: Extent, b: Extent): Extent {
  if (a === true || b === true) return true;
  const parts = new Set([...a, ...b]);
  return parts.size > MAX_EXCEPTIONS || [...parts];
}

/** Whether a part is in an extent of its kind. False where that is not certain. */
export function hasPart(kind: GrantKind, extent: Extent, part: string): boolean {
  return extent === true || extent.some((whole) => covers(kind, whole, part));
}

function covers(kind: GrantKind, whole: string, part: string): boolean {
  if (whole === part) return true;
  switch (kind) {
    case "read":
    case "write":
    case "ffi":
      return isNormal(part) && isInside(whole, part);
    case "net":
    case "import":
      return coversHost(whole, part);
    case "env":
      return whole.endsWith("*") && part.startsWith(whole.slice(0, -1));
    default:
      return false;
  }
}

/** Whether a path is absolute, without `.` and `..`. */
function isNormal(path: string): boolean {
  return absolutePath(path, "") === path;
}

function isInside(folder: string, path: string): boolean {
  return path.startsWith(folder) &&
    (/[/\\]$/.test(folder) || /[/\\]/.test(path[folder.length] ?? ""));
}

/** `example.com` covers each of its ports, `*.example.com` each host below it. */
function coversHost(whole: string, part: string): boolean {
  const [, host, port = ""] = /^(.*?[^:])(:\d+)?$/.exec(part) ?? [];
  if (host === undefined || !/^(\[[\da-f:.]+\]|[\w.-]+)$/i.test(host)) return false;
  if (whole === host) return true;
  if (whole.startsWith("*.")) {
    const [below, wholePort = ""] = /^(.*?)(:\d+)?$/.exec(whole.slice(1))!.slice(1);
    const fits = wholePort === "" || wholePort === port;
    return fits && host.endsWith(below!) && host.length > below!.length;
  }
  const bits = /^(.+)\/(\d+)$/.exec(whole);
  if (bits === null) return false;
  const [net, address] = [asNumber(bits[1]!), asNumber(host)];
  const size = 2 ** (32 - Number(bits[2]));
  return net !== undefined && address !== undefined && size >= 1 &&
    Math.floor(net / size) === Math.floor(address / size);
}

/** An IPv4 address as a number. */
function asNumber(address: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(address);
  return match?.slice(1).reduce((sum, byte) => sum * 256 + Number(byte), 0);
}

/**
 * A path relative to a directory as an absolute one, without `.` and `..`. On Windows, too,
 * as far as that is possible without knowing the drive's own directory.
 */
export function absolutePath(path: string, directory: string): string {
  const isWindows = /^[a-zA-Z]:|\\/.test(directory || path);
  const isAbsolute = isWindows ? /^([a-zA-Z]:)?[\\/]/.test(path) : path.startsWith("/");
  const whole = isAbsolute ? path : `${directory}/${path}`;
  const separator = isWindows ? "\\" : "/";
  const parts: string[] = [];
  for (const part of whole.split(isWindows ? /[\\/]+/ : /\/+/)) {
    if (part === "..") parts.length > 1 ? parts.pop() : undefined;
    else if (part !== ".") parts.push(part);
  }
  const share = isWindows && /^[\\/]{2}/.test(whole) ? separator : "";
  const result = share + parts.join(separator);
  const isRoot = parts.length === 1 || (parts.length === 2 && parts[1] === "");
  if (isRoot) return parts[0] + separator;
  return parts.at(-1) === "" ? result.slice(0, -1) : result;
}

/** Checks grants that another process has sent. Throws TypeError if they are none. */
export function checkGrants(value: unknown): Grants | undefined {
  if (value === null || value === undefined) return undefined;
  const grants = allGrants(false);
  for (const kind of KINDS) {
    const given = (value as Partial<Record<GrantKind, Partial<Grant>>>)[kind];
    for (const key of ["allow", "deny", "ignore"] as const) {
      grants[kind][key] = checkExtent(given?.[key]);
    }
  }
  if ((value as Grants).isOffline === true) grants.isOffline = true;
  return grants;
}

function checkExtent(value: unknown): Extent {
  if (value === true) return true;
  const isList = Array.isArray(value) &&
    value.every((part) => typeof part === "string" && !part.includes("\0"));
  if (isList) return value.filter((part) => part !== "");
  throw new TypeError("malformed permissions");
}
