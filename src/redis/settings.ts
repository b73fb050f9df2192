/**
 * What a context is made with, checked.
 *
 * @module
 */
import { isUint8Array, isURL } from "../runtime/brands.ts";
import { pythonTypeName } from "../python/arguments.ts";
import { repr } from "../python/repr.ts";
import { ValueError } from "../python/errors.ts";
import { absolutePath } from "../runtime/permissions/grants.ts";
import { runtime } from "../runtime/mod.ts";
import { pathOf } from "../runtime/paths.ts";
import { toOwner } from "./driver/cluster.ts";
import type { Connect } from "./driver/connection.ts";
import { type AnyClient, isClient, likeClient, toAddress } from "./driver/open.ts";

/** Options of `get_context("redis", …)`. */
export interface RedisOptions {
  /**
   * Where the server is: `redis://[[user]:password@]host[:port][/database]`, or `rediss://`
   * for TLS. Needs a client library: `@redis/client`, `iovalkey` or `ioredis`.
   */
  url?: string | URL | null;
  /**
   * A client of one of these libraries instead, with all its options, also one of a cluster
   * that is connected. It is only copied: the context opens connections of its own.
   */
  client?: AnyClient | null;
  /** The name of the context: programs that give the same share the objects with names. */
  name?: string;
  /**
   * Seconds for which the server takes a process for alive that it does not hear of; 10 by
   * default. A program that computes for longer without giving way counts as dead;
   * a process that its context has started does not.
   */
  lease?: number;
  /** Seconds after which all that the context has left expires if no process is there: 3600. */
  expire?: number;
  /** Seconds for which a lost server is looked for before calls raise an error: 20. */
  reconnect?: number;
  /** Items are signed with this key, and others are refused; null for none. */
  authkey?: Uint8Array | null;
  /**
   * The folder of the program, by default the current directory: other machines have the same
   * modules in a folder of theirs.
   */
  root?: string | URL | null;
}

/** The same, complete. Times are in milliseconds. */
export interface Settings {
  readonly connect: Connect;
  readonly name: string;
  readonly lease: number;
  readonly expire: number;
  /** In seconds. */
  readonly reconnect: number;
  readonly authkey: Uint8Array | null;
  /** A path. */
  readonly root: string | null;
  /**
   * The options that make the same context in a process that is started here; null where the
   * address is known to the user's client only.
   */
  readonly source: SettingsSource | null;
}

/** Options of a context as another process of ours gets them. */
export type SettingsSource = Record<keyof RedisOptions, unknown>;

/** What may be in a name: it becomes a part of keys. */
const NAME = /^[^\s{}]{1,200}$/;

/** Checks the options of a context. */
export function settingsOf(options: SettingsSource): Settings {
  const { url, client, name, lease, expire, reconnect, authkey, root } = options;
  if (typeof name !== "string") throw notOf("name", "a str", name);
  if (!NAME.test(name)) throw new ValueError(`bad name of a context: ${repr(name)}`);
  if (authkey !== null && !isUint8Array(authkey)) {
    throw notOf("authkey", "bytes or None", authkey);
  }
  return {
    connect: toOwner(connectOf(url, client), `{mp:${name}}:sessions`),
    name,
    lease: seconds("lease", lease) * 1000,
    expire: seconds("expire", expire) * 1000,
    reconnect: seconds("reconnect", reconnect),
    authkey: authkey as Uint8Array | null,
    root: rootOf(root),
    source: sourceOf(options),
  };
}

/** An address that a client of @redis/client was made with will do as well. */
function sourceOf(options: SettingsSource): SettingsSource | null {
  const { url, client } = options;
  const known = (client as { options?: { url?: unknown } } | null)?.options?.url ??
    null;
  const address = client === null ? url : known;
  if (address === null) return null;
  return { ...options, url: isURL(address) ? address.href : address, client: null };
}

function connectOf(url: unknown, client: unknown): Connect {
  if (client !== null) {
    if (isClient(client)) return likeClient(client);
    throw notOf("client", "a client of @redis/client, ioredis or iovalkey", client);
  }
  const address = isURL(url) ? url.href : url;
  if (address === null) {
    throw new TypeError("get_context('redis') needs a url or a client");
  }
  if (typeof address !== "string") throw notOf("url", "a str or URL", url);
  if (!/^(redis|rediss|unix):\/\//.test(address)) {
    throw new ValueError("url must begin with redis:// or rediss://");
  }
  if (!URL.canParse(address)) { // the error is without it: there may be a password in it
    throw new ValueError(
      "url is not a URL: in a user or password, characters as # / @ are percent-encoded",
    );
  }
  return toAddress(address);
}

function rootOf(root: unknown): string | null {
  if (root === null) return null;
  if (isURL(root) && root.protocol === "file:") return pathOf(root);
  if (typeof root !== "string") throw notOf("root", "a path or a file's URL", root);
  return absolutePath(root, runtime.cwd());
}

function seconds(name: string, value: unknown): number {
  if (typeof value !== "number") throw notOf(name, "a number", value);
  if (!(value > 0 && value <= 2 ** 31)) {
    throw new ValueError(`${name} must be a number of seconds above 0`);
  }
  return value;
}

function notOf(name: string, wanted: string, value: unknown): TypeError {
  return new TypeError(`${name} must be ${wanted}, not ${pythonTypeName(value)}`);
}
