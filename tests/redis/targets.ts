/**
 * What processes run in the tests of `src/redis/`. The variable `TEST_REDIS` tells a child
 * where the server is: with the context that is made here, it can be sent its objects.
 */
import process from "node:process";
import { get_context, type RedisContext } from "../../src/redis.ts";

/** The variable. */
export const ADDRESS = "TEST_REDIS";

/** Seconds of the leases of these contexts: the tests wait for the end of some. */
export const LEASE = 4;

const url = process.env[ADDRESS];

/** The context of a child; undefined elsewhere. */
export const mp: RedisContext | undefined = url === undefined
  ? undefined
  : get_context("redis", { url, name: "test", lease: LEASE });

/** Runs another function, and says goodbye to the server. */
export async function onServer<A extends unknown[]>(
  target: (...args: A) => unknown,
  args: A,
): Promise<unknown> {
  try {
    return await target(...args);
  } finally {
    await mp?.shutdown();
  }
}
