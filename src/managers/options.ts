/**
 * The options of managers and of `register`, and the types that every `SyncManager` can make.
 *
 * @module
 */
import { pythonTypeName, repr, REQUIRED, signature } from "../python/arguments.ts";
import { asSequence } from "../process/arguments.ts";
import { AssertionError, AttributeError } from "../python/errors.ts";
import type { SocketAddress } from "../runtime/sockets.ts";
import type { ProxyClass } from "./proxies/base_proxy.ts";
import type { Factory, Registration } from "./types/referent.ts";

/** The options of a manager. */
export interface ManagerOptions {
  /** The server's address, or its future one: a path, or `[host, port]`. */
  address?: SocketAddress | null;
  /** The key; by default the process's. */
  authkey?: Uint8Array | null;
  /** `pickle` or `cbor`; the one that is used depends on the other side. */
  serializer?: string;
  /** A context, whose `Process` is used. */
  ctx?: { Process: unknown } | null;
  /** Seconds for each step of the server's shutdown. */
  shutdown_timeout?: number;
}

/** A registered type, as the manager needs it. */
export interface RegisteredType extends Registration {
  /** Makes the proxies; null for `AutoProxy`. */
  proxytype: ProxyClass | null;
}

/** The options of `register`. */
export interface RegisterOptions {
  /** Makes the objects; exported, if the server is to be another process. */
  callable?: Factory | null;
  /** The class of the proxies. */
  proxytype?: ProxyClass | null;
  /** The names of the methods that may be called. */
  exposed?: readonly string[] | null;
  /** The types of those methods' results that stay in the server. */
  method_to_typeid?: Readonly<Record<string, string>> | null;
  /** Whether managers get a method of the type's name. */
  create_method?: boolean;
}

/** The parameters of `BaseManager`. */
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

export const START = signature<{ initializer: unknown; initargs: unknown }>(
  "BaseManager.start",
  { initializer: null, initargs: [] },
);

export const JOIN = signature<{ timeout: unknown }>("BaseManager.join", {
  timeout: null,
});

/** A type's name, which is that of the managers' method, if there is to be one. */
export function asTypeid(typeid: unknown, create_method: unknown): string {
  if (create_method && typeof typeid !== "string") {
    throw new TypeError("__name__ must be set to a string object");
  }
  return String(typeid);
}

/** A type's registration. @throws as `BaseManager.register` */
export function registeredType(
  { callable = null, proxytype = null, exposed = null, method_to_typeid = null }:
    RegisterOptions,
): RegisteredType {
  if (method_to_typeid !== null && typeof method_to_typeid !== "object") {
    const type = pythonTypeName(method_to_typeid);
    throw new AttributeError(`'${type}' object has no attribute 'items'`);
  }
  const methodTypes = method_to_typeid ?? proxytype?._method_to_typeid_ ?? null;
  for (const value of Object.values(methodTypes ?? {})) {
    if (typeof value !== "string") {
      throw new AssertionError(`${repr(value)} is not a string`);
    }
  }
  return {
    callable,
    exposed: exposed === null
      ? proxytype?._exposed_ ?? null
      : asSequence(exposed) as string[],
    method_to_typeid: methodTypes,
    proxytype,
  };
}

/** The types that managers have a method for. */
export const MAKEABLE: readonly string[] =
  ("Queue JoinableQueue Event Lock RLock Semaphore BoundedSemaphore Condition Barrier " +
    "Pool list dict set Value Array Namespace").split(" ");

/** The types that only methods of others give. */
const RESULTS: readonly string[] = ["Iterator", "AsyncResult"];

/**
 * By typeid, in CPython's order: the first registry of `SyncManager`. The classes of their
 * objects and proxies are filled in when deferred.ts is loaded.
 */
export const standardTypes: ReadonlyMap<string, RegisteredType> = new Map(
  [...MAKEABLE, ...RESULTS].map((typeid) => [typeid, registeredType({})]),
);

/** The registered types as the server needs them; null for those that it knows. */
export function typesToSend(
  registry: Map<string, RegisteredType>,
): [typeid: string, type: Registration | null][] {
  return [...registry].map(([typeid, type]) => {
    if (type === standardTypes.get(typeid)) return [typeid, null];
    const { callable, exposed, method_to_typeid } = type;
    return [typeid, { callable, exposed, method_to_typeid }];
  });
}

/** The error of what a manager has only once it is started. */
export function noAttribute(manager: object, name: string): AttributeError {
  return new AttributeError(
    `'${pythonTypeName(manager)}' object has no attribute '${name}'`,
  );
}
