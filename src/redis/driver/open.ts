/**
 * Which client library connects: that of the client which the user has handed in, or the first
 * that is installed. They are loaded here, when they are needed, and nowhere else.
 *
 * @module
 */
import { importPackage } from "../../runtime/optional_package.ts";
import { ModuleNotFoundError } from "../../python/errors/imports.ts";
import { type ClusterClient, isCluster, memberOf } from "./cluster_client.ts";
import type { Connect } from "./connection.ts";
import {
  byIoredis,
  type IoredisClass,
  type IoredisClient,
  likeIoredis,
} from "./ioredis.ts";
import {
  byNodeRedis,
  likeNodeRedis,
  type NodeRedisClient,
  type NodeRedisPackage,
} from "./node_redis.ts";

/** A client of `@redis/client`, `redis`, `ioredis` or `iovalkey`. */
export interface AnyClient {
  /** Makes another client with the same options. */
  duplicate(...options: never[]): unknown;
}

/** The packages that will do, the preferred first, with the versions that were tried. */
const PACKAGES = {
  "@redis/client": "^6.3.1",
  "iovalkey": "^0.4.0",
  "ioredis": "^6.0.0",
} as const;

/** Whether a value is a client of one of these libraries. */
export function isClient(value: unknown): value is AnyClient {
  const { duplicate, sendCommand, callBuffer } = (value ?? {}) as Record<
    string,
    unknown
  >;
  return typeof duplicate === "function" &&
    (typeof callBuffer === "function" || typeof sendCommand === "function");
}

/** Connects as a client of a cluster does: to its servers, by their own addresses. */
function likeCluster(cluster: ClusterClient): Connect {
  let next = 0;
  return async (onLost, node) => {
    const member = await memberOf(cluster, next++);
    return await likeClient(member)(onLost, node);
  };
}

/** Connects as a client does; on connections of its own, so the client goes on as before. */
export function likeClient(client: AnyClient): Connect {
  if (isCluster(client)) return likeCluster(client);
  return "callBuffer" in client
    ? likeIoredis(client as unknown as IoredisClient)
    : likeNodeRedis(client as unknown as NodeRedisClient);
}

/**
 * Connects to an address by the first library that is installed.
 *
 * @param names The packages to look for, in order.
 * @throws {ModuleNotFoundError} if none is installed
 */
export function toAddress(
  url: string,
  names: readonly (keyof typeof PACKAGES)[] = Object.keys(PACKAGES) as never,
): Connect {
  let chosen: Promise<Connect> | undefined;
  return async (onLost, node) => {
    chosen ??= choose(url, names);
    try {
      return await (await chosen)(onLost, node);
    } catch (error) {
      if (error instanceof ModuleNotFoundError) chosen = undefined; // it may be installed later
      throw error;
    }
  };
}

async function choose(
  url: string,
  names: readonly (keyof typeof PACKAGES)[],
): Promise<Connect> {
  for (const name of names) {
    const found = await importPackage(name, PACKAGES[name]);
    if (found === undefined) continue;
    if (name === "@redis/client") {
      return byNodeRedis(found as unknown as NodeRedisPackage, url);
    }
    return byIoredis((found["Redis"] ?? found["default"]) as IoredisClass, url);
  }
  const [first, ...others] = Object.keys(PACKAGES);
  throw new ModuleNotFoundError(
    `No module named '${first}': install a client of the server, npm i ${first} (or ` +
      `${others.join(", ")}), or hand one in: get_context('redis', { client })`,
  );
}
