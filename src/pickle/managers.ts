/**
 * The objects that managers send besides values: tokens, proxies, and those behind `Namespace`
 * and `Value`. They are read as plain descriptions, which the managers' layer turns into
 * objects, and written as Python writes them.
 *
 * @module
 */

import { isMap, isUint8Array } from "../runtime/brands.ts";
import { isPlain } from "../python/repr.ts";
import { setOwn } from "./dicts.ts";
import {
  type Constructor,
  PyGlobal,
  PyObject,
  PyTuple,
  type Reduction,
} from "./types.ts";

const MODULE = "multiprocessing.managers";

/** A server's address: a path, host and port, or the bytes of a name. */
export type PyAddress = string | readonly [host: string, port: number] | Uint8Array;

/** Names an object of a server. Python: `multiprocessing.managers.Token`. */
export class PyToken {
  typeid: string;
  address: PyAddress;
  id: string;

  constructor(typeid: string, address: PyAddress, id: string) {
    this.typeid = typeid;
    this.address = address;
    this.id = id;
  }
}

/** A proxy on its way. Python: the arguments of `multiprocessing.managers.RebuildProxy`. */
export class PyProxy {
  /** The proxy's class, or `AutoProxy`. */
  readonly proxytype: PyGlobal;
  readonly token: PyToken;
  readonly serializer: string;
  /** Keyword arguments of the class; of `AutoProxy`, `exposed`: the methods' names. */
  readonly kwds: Record<string, unknown>;

  constructor(
    proxytype: PyGlobal,
    token: PyToken,
    serializer: string,
    kwds: Record<string, unknown>,
  ) {
    this.proxytype = proxytype;
    this.token = token;
    this.serializer = serializer;
    this.kwds = kwds;
  }
}

const token: Constructor = {
  construct: () => new PyToken("", "", ""),
  build(object, state) {
    const [typeid, address, id] = Array.isArray(state) ? state : [];
    if (typeof typeid !== "string" || typeof id !== "string" || !isAddress(address)) {
      throw new TypeError("no token");
    }
    Object.assign(object, { typeid, address, id });
  },
};

function isAddress(value: unknown): value is PyAddress {
  if (typeof value === "string" || isUint8Array(value)) return true;
  return Array.isArray(value) && value.length === 2 && typeof value[0] === "string" &&
    typeof value[1] === "number";
}

const rebuildProxy: Constructor = {
  construct([proxytype, token, serializer, kwds]) {
    if (
      !(proxytype instanceof PyGlobal) || !(token instanceof PyToken) ||
      typeof serializer !== "string" || !isPlain(kwds)
    ) throw new TypeError("no proxy");
    return new PyProxy(proxytype, token, serializer, { ...kwds });
  },
};

/** The class of a proxy: may be named, not called. */
const proxyType: Constructor = {
  construct() {
    throw new TypeError("a proxy is made by RebuildProxy");
  },
};

/** An object whose fields are its state. */
const fields: Constructor = {
  construct: (args, { global }) => new PyObject(global, [...args]),
  build(object, state) {
    if (typeof state !== "object" || state === null || Array.isArray(state)) {
      throw new TypeError("state is not a dictionary");
    }
    const own = {};
    const pairs = isMap(state) ? state : Object.entries(state);
    for (const [key, value] of pairs) {
      if (typeof key !== "string") throw new TypeError("attribute name must be string");
      setOwn(own, key, value);
    }
    (object as PyObject).state = own;
  },
};

/** The classes of proxies that Python has. */
const PROXY_TYPES =
  "AcquirerProxy ArrayProxy AutoProxy BarrierProxy BaseProxy ConditionProxy DictProxy " +
  "EventProxy IteratorProxy ListProxy NamespaceProxy PoolProxy SetProxy ValueProxy";

/** Entries of the table of what a pickle may name. */
export const MANAGERS: readonly (readonly [string, string, Constructor])[] = [
  [MODULE, "Token", token],
  [MODULE, "RebuildProxy", rebuildProxy],
  [MODULE, "Namespace", fields],
  [MODULE, "Value", fields],
  ...PROXY_TYPES.split(" ").map((name) => [MODULE, name, proxyType] as const),
];

/** The reduction of such an object; undefined for others. */
export function reduceManaged(value: object): Reduction | undefined {
  if (value instanceof PyToken) {
    const { typeid, address, id } = value;
    // Python tells a family of addresses by its type, so a list would not do.
    const written = Array.isArray(address) ? PyTuple.from(address) : address;
    return {
      global: new PyGlobal(MODULE, "Token"),
      args: [],
      newobj: true,
      state: PyTuple.of<unknown>(typeid, written, id),
    };
  }
  if (value instanceof PyProxy) {
    const { proxytype, token, serializer, kwds } = value;
    return {
      global: new PyGlobal(MODULE, "RebuildProxy"),
      args: [proxytype, token, serializer, kwds],
    };
  }
  return undefined;
}
