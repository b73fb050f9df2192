/**
 * The channel of a proxy to an object that is nowhere else: what managers hold for other
 * processes serves the threads of this one, without a server and without copies.
 *
 * @module
 */
import "../link/root.ts";

import { interruptNext, watch } from "../link/waiting.ts";
import type { Channel } from "../managers/protocol/channel.ts";
import { callAs, CANCELLED, currentOwner, Waits } from "../managers/protocol/caller.ts";
import { Token } from "../managers/protocol/token.ts";
import type { BaseProxy, ProxyOptions } from "../managers/proxies/base_proxy.ts";
import { checkArity, REFERENT } from "../managers/types/python_values.ts";
import { FALLBACKS, methodOf, plainResult } from "../managers/types/referent.ts";
import { parseArguments, type Signature } from "../python/arguments.ts";
import { AttributeError, KeyboardInterrupt } from "../python/errors.ts";
import { isPromise } from "../runtime/brands.ts";
import { giveWay, keepAliveFor, limitHere } from "./waits.ts";

/** The waits of all threads of this process. */
const waits = new Waits();
let lastCall = 0;

class ObjectChannel implements Channel {
  readonly isNative = true;
  readonly #object: object;
  readonly #name: string;

  constructor(object: object, name: string) {
    this.#object = object;
    this.#name = name;
  }

  async call(
    _token: Token,
    method: string,
    args: readonly unknown[],
    kwds: object | null,
    signal?: AbortSignal,
  ): Promise<unknown> {
    signal?.throwIfAborted();
    const call = ++lastCall;
    const given = kwds === null ? args : [...args, kwds];
    let result: unknown;
    try {
      result = callAs(currentOwner(), waits, call, () => this.#invoke(method, given));
    } catch (error) {
      await giveWay(); // a loop that asks until there is something must let it come
      throw error;
    }
    if (isPromise(result)) return waitFor(result, call, signal);
    const value = plainResult(result);
    const turn = giveWay();
    if (turn !== undefined) await turn;
    return value;
  }

  #invoke(name: string, args: readonly unknown[]): unknown {
    const object = this.#object;
    const method = methodOf(object, name);
    if (method !== undefined) {
      checkArity(object, name, args.length);
      return method.apply(object, args as unknown[]);
    }
    if (Object.hasOwn(FALLBACKS, name)) return FALLBACKS[name]!(object);
    throw missing(this.#name, name);
  }

  objectOf(): object {
    return this.#object;
  }

  privateName(): string {
    return this.#name;
  }

  create(): never {
    throw missing(this.#name, "create");
  }

  ask(name: string): never {
    throw missing(this.#name, name);
  }

  incref(): void {}
  decref(): void {}
}

function missing(type: string, name: string): AttributeError {
  return new AttributeError(`'${type}' object has no attribute '${name}'`);
}

/** Waits for a call, until its signal is aborted or Ctrl-C comes and it is given up. */
async function waitFor(
  result: Promise<unknown>,
  call: number,
  signal: AbortSignal | undefined,
): Promise<unknown> {
  let aborted: { reason: unknown } | undefined;
  const stop = watch(limitHere(null, signal), () => {}, (reason) => {
    aborted = { reason };
    waits.cancel(call);
  });
  try {
    const value = await keepAliveFor(result);
    // It happened before it could be given up: the next wait hears of Ctrl-C.
    if (aborted?.reason instanceof KeyboardInterrupt) interruptNext();
    return plainResult(value);
  } catch (error) {
    throw error === CANCELLED ? aborted!.reason : error;
  } finally {
    stop();
  }
}

/** The arguments of `BaseProxy` for an object of this process. */
type Parts = [token: Token, serializer: string, options: ProxyOptions];

/**
 * What the constructor of a proxy takes for an object of this process alone.
 *
 * @param name What Python calls such an object.
 */
export function partsOf(object: object, name: string): Parts {
  const channel = new ObjectChannel(object, name);
  const authkey = new Uint8Array(); // asked for by nobody
  return [new Token(name, "", "0"), "", { channel, authkey, incref: false }];
}

/**
 * Has methods say what is wrong with their arguments as the classes of threads do, and not
 * as proxies.
 */
export function takeAs(
  Class: { readonly prototype: BaseProxy },
  ...signatures: Signature<object>[]
): void {
  for (const taken of signatures) {
    const name = taken.name.slice(taken.name.lastIndexOf(".") + 1);
    const inherited = Reflect.get(Class.prototype, name);
    const value = function (this: BaseProxy, ...given: unknown[]): Promise<unknown> {
      try {
        parseArguments(taken, given);
      } catch (error) {
        return Promise.reject(error);
      }
      return Reflect.apply(inherited, this, given);
    };
    Object.defineProperty(Class.prototype, name, {
      value,
      writable: true,
      configurable: true,
    });
  }
}

/** Has the objects of classes show what they hold: there is nothing that they stand for. */
export function showObject(...Classes: { readonly prototype: BaseProxy }[]): void {
  const value = function (this: BaseProxy): string {
    return String(this[REFERENT]());
  };
  for (const { prototype } of Classes) {
    for (const name of ["toString", "__repr__"]) {
      Object.defineProperty(prototype, name, {
        value,
        writable: true,
        configurable: true,
      });
    }
  }
}
