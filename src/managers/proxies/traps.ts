/**
 * The traps of proxies whose properties are operations on the object: assigning and deleting
 * sends at once, reading gives a promise.
 *
 * @module
 */
import { type BaseProxy, BEGIN } from "./base_proxy.ts";
import { keyOf } from "../../python/keys.ts";

/** The names of properties that are indices. */
const INDEX = /^-?\d+$/;

/**
 * Sends an operation without waiting; if it fails, that is an unhandled rejection.
 *
 * @throws what cannot be sent
 */
export function tell(proxy: BaseProxy, method: string, args: unknown[]): true {
  void proxy[BEGIN](method, args);
  return true;
}

/** Asks for a property; a failure that is not waited for is no unhandled rejection. */
export function askFor(
  proxy: BaseProxy,
  method: string,
  args: unknown[],
): Promise<unknown> {
  const answer = proxy._callmethod(method, args);
  answer.catch(() => {});
  return answer;
}

/** The traps of lists and arrays: `l[0]`. */
export const INDEXED: ProxyHandler<BaseProxy> = {
  get(target, key, proxy) {
    if (typeof key === "string" && INDEX.test(key)) {
      return askFor(proxy, "__getitem__", [Number(key)]);
    }
    return Reflect.get(target, key, proxy);
  },
  set(target, key, value, proxy) {
    if (typeof key === "string" && INDEX.test(key)) {
      return tell(proxy, "__setitem__", [Number(key), value]);
    }
    return Reflect.set(target, key, value, proxy);
  },
};

/** Names that JavaScript and its tools ask any object for. */
const NOT_KEYS = new Set([
  "then",
  "toJSON",
  "constructor",
  "nodeType",
  "asymmetricMatch",
]);

/** Whether the proxy answers to a name itself, which then stands for no item. */
function isOwn(target: BaseProxy, name: string): boolean {
  return name in target || NOT_KEYS.has(name);
}

/** @throws {TypeError} for a name that could be written, but not read */
function checkName(target: BaseProxy, name: string, instead: string): void {
  if (!isOwn(target, name)) return;
  const type = target.constructor.name;
  throw new TypeError(
    `'${name}' is a name of the ${type} itself: write ${instead}, and read get('${name}')`,
  );
}

/** The traps of dicts: `d.key`, `d[0]`. */
export const KEYED: ProxyHandler<BaseProxy> = {
  get(target, key, proxy) {
    if (typeof key === "symbol" || isOwn(target, key)) {
      return Reflect.get(target, key, proxy);
    }
    return askFor(proxy, "__getitem__", [keyOf(key)]);
  },
  set(target, key, value, proxy) {
    if (typeof key === "symbol") return Reflect.set(target, key, value, proxy);
    checkName(target, key, `__setitem__('${key}', value)`);
    return tell(proxy, "__setitem__", [keyOf(key), value]);
  },
  deleteProperty(target, key) {
    const proxy = target._self;
    if (typeof key === "symbol" || proxy === undefined) return true;
    checkName(target, key, `__delitem__('${key}')`);
    return tell(proxy, "__delitem__", [keyOf(key)]);
  },
};

/** The traps of namespaces: `ns.name`. */
export const NAMED: ProxyHandler<BaseProxy> = {
  get(target, key, proxy) {
    if (typeof key === "symbol" || isLocal(key)) {
      return Reflect.get(target, key, proxy);
    }
    return askFor(proxy, "__getattribute__", [key]);
  },
  set(target, key, value, proxy) {
    if (typeof key === "symbol" || key.startsWith("_")) {
      return Reflect.set(target, key, value, target);
    }
    if (isLocal(key)) {
      throw new TypeError(
        `'${key}' is a name of the ${target.constructor.name} itself`,
      );
    }
    return tell(proxy, "__setattr__", [key, value]);
  },
  deleteProperty(target, key) {
    const proxy = target._self;
    if (typeof key === "symbol" || key.startsWith("_") || proxy === undefined) {
      return Reflect.deleteProperty(target, key);
    }
    return tell(proxy, "__delattr__", [key]);
  },
};

function isLocal(key: string): boolean {
  return key.startsWith("_") || NOT_KEYS.has(key) || key === "toString";
}
