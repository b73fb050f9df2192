/**
 * What managers and `register` are told, and what becomes of it; and the types that every
 * `SyncManager` can make.
 *
 * @module
 */
import { repr, REQUIRED, signature } from "../python/arguments.ts";
import { AssertionError } from "../python/errors.ts";
import type { SocketAddress } from "../runtime/sockets.ts";
import type { ProxyClass } from "./proxies/base_proxy.ts";
import type { Factory, Registration } from "./types/referent.ts";

/** How a manager is made. */
export interface ManagerOptions {
  /** Where the server is to be, or is: a path, or `[host, port]`. */
  address?: SocketAddress | null;
  /** The key; by default the process's. */
  authkey?: Uint8Array | null;
  /** `pickle` or `cbor`: which one is spoken depends on who the other side is. */
  serializer?: string;
  /** A context, whose `Process` is used. */
  ctx?: { Process: unknown } | null;
  /** Seconds that the server has for each step of its end. */
  shutdown_timeout?: number;
}

/** What is registered for a type. */
export interface RegisteredType extends Registration {
  /** Makes the proxies; null for `AutoProxy`. */
  proxytype: ProxyClass | null;
}

/** What `register` takes by name. */
export interface RegisterOptions {
  /** Makes the objects; exported, if the server is to be another process. */
  callable?: Factory | null;
  /** The class of the proxies. */
  proxytype?: ProxyClass | null;
  /** The names of the methods that may be called. */
  exposed?: readonly string[] | null;
  /** Of which types the results of methods are that stay in the server. */
  method_to_typeid?: Readonly<Record<string, string>> | null;
  /** Whether managers get a method of the type's name. */
  create_method?: boolean;
}

/** Of `BaseManager`. */
export const INIT = signature<Record<keyof Required<ManagerOptions>, unknown>>(
  "BaseManager.__init__",
  {
    address: null,
    authkey: null,
    serializer: "pickle",
    ctx: null,
    shutdown_timeout: 1.0,
  },
  { keywordOnly: ["shutdown_timeout"] },
);

/** Of `BaseManager.register`. */
export const REGISTER = signature<Record<"typeid" | keyof RegisterOptions, unknown>>(
  "BaseManager.register",
  {
    typeid: REQUIRED,
    callable: null,
    proxytype: null,
    exposed: null,
    method_to_typeid: null,
    create_method: true,
  },
  { objects: ["method_to_typeid"] },
);

/** Of `BaseManager.start`. */
export const START = signature<{ initializer: unknown; initargs: unknown }>(
  "BaseManager.start",
  { initializer: null, initargs: [] },
);

/** Of `BaseManager.join`. */
export const JOIN = signature<{ timeout: unknown }>("BaseManager.join", {
  timeout: null,
});

/**
 * What is kept of a type.
 *
 * @throws {AssertionError} if `method_to_typeid` has other values than text
 */
export function registeredType(
  { callable = null, proxytype = null, exposed = null, method_to_typeid = null }:
    RegisterOptions,
): RegisteredType {
  const methodTypes = method_to_typeid ?? proxytype?._method_to_typeid_ ?? null;
  for (const value of Object.values(methodTypes ?? {})) {
    if (typeof value !== "string") {
      throw new AssertionError(`${repr(value)} is not a string`);
    }
  }
  return {
    callable,
    exposed: exposed === null ? proxytype?._exposed_ ?? null : [...exposed],
    method_to_typeid: methodTypes,
    proxytype,
  };
}

/** Those that managers have a method for. */
export const MAKEABLE: readonly string[] = [
  "Queue",
  "JoinableQueue",
  "Event",
  "Lock",
  "RLock",
  "Semaphore",
  "BoundedSemaphore",
  "Condition",
  "Barrier",
  "Pool",
  "list",
  "dict",
  "set",
  "Value",
  "Array",
  "Namespace",
];

/** Those that only methods of others give. */
const RESULTS: readonly string[] = ["Iterator", "AsyncResult"];

/**
 * By typeid, in CPython's order; the registry of `SyncManager` begins with these. The
 * classes of their objects and proxies are filled in when deferred.ts is loaded.
 */
export const standardTypes: ReadonlyMap<string, RegisteredType> = new Map(
  [...MAKEABLE, ...RESULTS].map((typeid) => [typeid, registeredType({})]),
);
