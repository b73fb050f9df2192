/**
 * What a process may do, by kinds, as data: how two such sets meet, and whether a part of
 * one is in another. Pure. The kinds are Deno's; what a runtime cannot keep a process
 * from counts as allowed there.
 *
 * @module
 */

/** The kinds of permissions, by Deno's names. */
export const KINDS = [
  ...["read", "write", "net", "env", "run", "sys", "ffi", "import"] as const,
];

/** One of {@linkcode KINDS}. */
export type GrantKind = typeof KINDS[number];

/** A process that lies could make them grow without end. */
const MAX_EXCEPTIONS = 1000;

/** Everything of a kind, or a list of paths, hosts, names … */
export type Extent = true | string[];

/** What is known of one kind. */
export interface Grant {
  allow: Extent;
  /** Wins over `allow`. */
  deny: Extent;
  /** The same, but what is denied looks as if it were not there. */
  ignore: Extent;
}

/** What a process may do. Paths are absolute and normal. */
export type Grants = Record<GrantKind, Grant> & {
  /** Of modules from afar only those that are in the cache may be imported. */
  isOffline?: boolean;
};

/** What somebody wants a process to have of each kind. */
export type Wanted = Record<GrantKind, "inherit" | Extent>;

/** What comes of {@linkcode Wanted}. */
export interface Limited {
  grants: Grants;
  /** What is wanted and not there to be given, in words. */
  missing: string[];
  /** What this runtime cannot keep a process from, and what may be said instead. */
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

/** Whether nothing is kept from a process. */
export function isEverything(grants: Grants): boolean {
  return !grants.isOffline && KINDS.every((kind) => isWhole(grants[kind]));
}

/** Whether an extent has nothing in it. */
export function isEmpty(extent: Extent): boolean {
  return extent !== true && extent.length === 0;
}

/** What is in both of two sets; undefined stands for everything. */
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

/** Of more exceptions than anybody makes none is left out: all is one. */
function union(a: Extent, b: Extent): Extent {
  if (a === true || b === true) return true;
  const parts = new Set([...a, ...b]);
  return parts.size > MAX_EXCEPTIONS || [...parts];
}

/** Whether an extent has a part of its kind in it. False where that is not sure. */
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

/** Whether a path has nothing in it that leads elsewhere than it seems to. */
function isNormal(path: string): boolean {
  return absolutePath(path, "") === path;
}

function isInside(folder: string, path: string): boolean {
  return /[/\\]$/.test(folder)
    ? path.startsWith(folder)
    : path.startsWith(folder) && /[/\\]/.test(path[folder.length] ?? "");
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
 * A path as it is seen from a directory, without `.` and `..`. On Windows, too, as far
 * as that goes without knowing the drive's own directory.
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

/**
 * What another process says of grants, checked.
 *
 * @throws {TypeError} if it is something else
 */
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
