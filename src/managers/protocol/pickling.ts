/**
 * The pickles that managers of ours and of CPython's send each other: tokens, proxies and the
 * objects that JavaScript lacks. All names that a pickle may contain are in one table, which
 * makes values and proxies only.
 *
 * @module
 */
import { isMap, isUint8Array } from "../../runtime/brands.ts";
import { PicklingError, UnpicklingError } from "../../python/errors.ts";
import { isPlain } from "../../python/repr.ts";
import type { SocketAddress } from "../../runtime/sockets.ts";
import { GLOBALS } from "../../pickle/globals.ts";
import {
  type PyAddress,
  PyProxy,
  PyToken,
  reduceManaged,
} from "../../pickle/managers.ts";
import { loads } from "../../pickle/reader.ts";
import {
  globalTable,
  PyGlobal,
  PyObject,
  PyTuple,
  type Reduction,
} from "../../pickle/types.ts";
import { dumps } from "../../pickle/writer.ts";
import { ManagedValue, Namespace } from "../types/namespace.ts";
import { Token } from "./token.ts";

const MODULE = "multiprocessing.managers";

/** The parts of a proxy, however it travels. */
export interface ProxyParts {
  /** The name of the proxy's class: `ListProxy`, `AutoProxy`… */
  type: string;
  token: Token;
  exposed: readonly string[] | null;
}

/** Makes and takes apart proxies; set by base_proxy.ts, which knows their classes. */
export interface ProxyCodec {
  make(parts: ProxyParts): unknown;
  partsOf(value: object): ProxyParts | undefined;
}

let codec: ProxyCodec = { make: (parts) => parts, partsOf: () => undefined };

/** Says how proxies are made. */
export function setProxyCodec(proxies: ProxyCodec): void {
  codec = proxies;
}

function toAddress(address: PyAddress): SocketAddress {
  if (typeof address === "string") return address;
  if (isUint8Array(address)) return new TextDecoder().decode(address);
  return [address[0], address[1]];
}

const table = globalTable([
  [MODULE, "RebuildProxy", {
    construct(args, call) {
      const plain = GLOBALS.get(MODULE)!.get("RebuildProxy")!.construct(args, call);
      return toProxy(plain as PyProxy);
    },
  }],
], GLOBALS);

function toProxy({ proxytype, token, kwds }: PyProxy): unknown {
  const { exposed } = kwds;
  const isList = Array.isArray(exposed) &&
    exposed.every((name) => typeof name === "string");
  return codec.make({
    type: proxytype.name,
    token: new Token(token.typeid, toAddress(token.address), token.id),
    exposed: isList ? exposed as string[] : null,
  });
}

/** Reads a pickle of a manager's. @throws {UnpicklingError} */
export function loadPickle(bytes: Uint8Array): unknown {
  return loads(bytes, { globals: table });
}

/** A token, as CPython has it. */
export function pyToken({ typeid, address, id }: Token): PyToken {
  return new PyToken(typeid, address as PyAddress, id);
}

/** A token out of a pickle. @throws {UnpicklingError} */
export function fromPyToken(token: unknown): Token {
  if (!(token instanceof PyToken)) throw new UnpicklingError("no token");
  return new Token(token.typeid, toAddress(token.address), token.id);
}

function reduce(value: object): Reduction | undefined {
  const parts = codec.partsOf(value);
  if (parts !== undefined) {
    const { type, token, exposed } = parts;
    const kwds: Record<string, unknown> = type === "AutoProxy"
      ? { exposed: PyTuple.from(exposed ?? []) }
      : {};
    const Class = new PyGlobal(MODULE, type);
    return reduceManaged(new PyProxy(Class, pyToken(token), "pickle", kwds));
  }
  if (value instanceof Namespace) {
    return {
      global: new PyGlobal(MODULE, "Namespace"),
      args: [],
      newobj: true,
      state: { ...value },
    };
  }
  if (value instanceof ManagedValue) throw new PicklingError("cannot pickle a Value");
  return undefined;
}

/** Writes a pickle for a manager. @throws {PicklingError | TypeError} */
export function dumpPickle(value: unknown): Uint8Array {
  return dumps(value, { reduce });
}

/** Keywords out of a pickle: a dict with text keys. */
export function asKeywords(kwds: unknown): Record<string, unknown> | null {
  if (isMap(kwds)) {
    for (const key of kwds.keys()) {
      if (typeof key !== "string") {
        throw new UnpicklingError("keywords must be strings");
      }
    }
  }
  const object = isMap(kwds) ? Object.fromEntries(kwds) : kwds;
  if (object === null || object === undefined) return null;
  if (!isPlain(object)) throw new UnpicklingError("keywords are no dict");
  return Object.keys(object).length === 0 ? null : object;
}

/** A Namespace that came by pickle, as ours. */
export function revive(value: unknown): unknown {
  if (value instanceof PyObject && value.global.name === "Namespace") {
    return new Namespace(value.state as Record<string, unknown>);
  }
  return value;
}
