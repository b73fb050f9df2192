/**
 * A process's channel to a manager's server, as proxies and managers use it. native_channel.ts
 * speaks to servers of ours, classic_channel.ts to CPython's.
 *
 * @module
 */
import type { Token } from "./token.ts";

/** A result that stays in the server. */
export class RemoteRef {
  readonly typeid: string;
  readonly id: string;
  readonly exposed: readonly string[];

  constructor(typeid: string, id: string, exposed: readonly string[]) {
    this.typeid = typeid;
    this.id = id;
    this.exposed = exposed;
  }
}

/** A request to a server's own function, before it is encoded. */
export type PublicRequest = readonly [
  name: string,
  args: readonly unknown[],
  kwds: object | null,
];

/** The request for an object of a type. */
export function creation(
  typeid: string,
  args: readonly unknown[],
  kwds: object | null,
): PublicRequest {
  return ["create", [typeid, ...args], kwds];
}

/** The requests that proxies and managers make. */
export interface Channel {
  /** Whether the server is one of ours. */
  readonly isNative: boolean;
  /** The pid of the server; 0 while it is not known. */
  readonly server?: number;
  /**
   * Calls a method of an object. The arguments are encoded now.
   *
   * @returns The result, or a {@linkcode RemoteRef} for one that stays in the server.
   * @throws {PicklingError} at once, if an argument cannot be sent
   */
  call(
    token: Token,
    method: string,
    args: readonly unknown[],
    kwds: object | null,
    signal?: AbortSignal,
  ): Promise<unknown>;
  /** Makes an object; the reference that comes with it is the caller's. */
  create(
    typeid: string,
    args: readonly unknown[],
    kwds: object | null,
  ): Promise<RemoteRef>;
  /** Calls a function of the server itself. */
  ask(name: string, args: readonly unknown[]): Promise<unknown>;
  /** Counts one reference more. */
  incref(token: Token): void;
  /** Counts one reference less. */
  decref(token: Token): void;
  /** The object itself, if it is in this process and there. */
  objectOf?(token: Token): object | undefined;
  /**
   * Whether only this process knows the object, so that no proxy of it can be sent.
   *
   * @returns What Python calls such an object, or undefined.
   */
  privateName?(token: Token): string | undefined;
  /**
   * What is sent of a proxy, where the object is in no manager's server: the name of a way
   * back, and its argument.
   */
  reduce?(token: Token): [string, object];
}
