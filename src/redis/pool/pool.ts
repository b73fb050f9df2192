/**
 * `Pool` on a server: the methods are those of any pool (pool/base_pool.ts), its workers may be
 * anywhere.
 *
 * @module
 */
import { NotImplementedError, osError, ValueError } from "../../python/errors.ts";
import type { Target } from "../../process/arguments.ts";
import {
  asInteger,
  parseArguments,
  type Signature,
  signature,
} from "../../python/arguments.ts";
import { asInitializer, asPositive } from "../../pool/arguments.ts";
import { BasePool } from "../../pool/base_pool.ts";
import { FOR_WORKERS } from "../../pool/job.ts";
import { asSizes } from "../../pool/sizes.ts";
import type { WorkerProcess } from "../../pool/worker_link.ts";
import { dumps, PendingPayload } from "../../reduction/mod.ts";
import type { Base } from "../base.ts";
import { asLabels } from "../process/process.ts";
import { RedisCrew } from "./crew.ts";
import { byAgents, type ProcessStarter } from "./starter.ts";
import type { Ticket } from "./ticket.ts";
import { poolWorker } from "./worker.ts";

/** Options of `Pool` on a server. */
export interface RedisPoolOptions<F extends Target = Target> {
  /** The number of workers; by default as many as this process may use processors. */
  processes?: number | null;
  /** An exported function that each worker calls first. */
  initializer?: F | null;
  /** The initializer's arguments: data, and objects of this context. */
  initargs?: Parameters<F>;
  /** After so many tasks a worker makes room for a new one; null for never. */
  maxtasksperchild?: number | null;
  /**
   * How many times a task is run again whose worker has died, or was not heard of for longer
   * than its lease; then, and by default at once, it fails with `WorkerLostError`. A task that
   * is run again may have done something the first time.
   */
  retries?: number;
  /**
   * Labels that the agents must have which start the workers: one, or a list of them. By default
   * any agent, or this machine if there is none.
   */
  where?: string | readonly string[] | null;
}

type InitArguments = Record<keyof RedisPoolOptions, unknown>;

const INIT: Signature<InitArguments> = signature<InitArguments>("BaseContext.Pool", {
  processes: null,
  initializer: null,
  initargs: [],
  maxtasksperchild: null,
  retries: 0,
  where: null,
}, { keywordOnly: ["retries", "where"] });

/**
 * What `Pool` of a context makes: workers that call functions. See `Pool` of the package for
 * the methods; there is no `stream`. Tasks and results lie on the server, so the workers go on
 * while this process computes.
 *
 * A worker's death is known here at once, or after its lease where its machine is gone as well:
 * what it had begun fails with `WorkerLostError`, or is run again as `retries` says, and another
 * worker takes its place. A worker that has been given up can deliver nothing any more. If this
 * process dies, the workers end and the pool is removed.
 */
export class RedisPool extends BasePool<WorkerProcess> {
  /** @internal */
  constructor(base: Base, given: unknown[]) {
    const values = parseArguments(INIT, given);
    const { processes, initializer, initargs, maxtasksperchild } = values;
    const none = { min: null, max: null, idle: null };
    const { max: size } = asSizes({ processes, ...none }, () => osError("EAGAIN"));
    const maxtasks = asPositive(maxtasksperchild, "maxtasksperchild");
    const begin = [asInitializer(initializer), [...initargs as Iterable<unknown>]];
    const dumped = dumps(begin, { name: "initargs", ...FOR_WORKERS });
    let payload = dumped instanceof PendingPayload ? undefined : dumped;
    const ready = dumped instanceof PendingPayload
      ? dumped.resolve().then((resolved) => void (payload = resolved))
      : undefined;
    const retries = asRetries(values.retries);
    const starter = starterOf(base, asLabels(values.where));
    super({
      isRemote: true,
      makeCrew: (owner, tally) =>
        new RedisCrew(
          {
            ...{ base, size, retries, ready },
            start(pool, number) {
              const ticket: Ticket = {
                context: base.settings.name,
                pool: pool.id,
                owner: pool.session.id,
                number,
                maxtasks,
                begin: payload!,
              };
              return starter.start(`RedisPoolWorker-${number}`, poolWorker, [ticket]);
            },
          },
          owner,
          tally,
        ),
    });
  }

  /** Not on a server. @throws {NotImplementedError} always */
  override stream(): never {
    throw new NotImplementedError(
      "a pool of the context 'redis' has no stream: give the function a queue of the context",
    );
  }
}

Object.defineProperty(RedisPool, "name", { value: "Pool" });

function asRetries(value: unknown): number {
  const retries = asInteger(value, "<");
  if (retries >= 0) return retries;
  throw new ValueError("retries must be non-negative");
}

function starterOf(base: Base, where: readonly string[]): ProcessStarter {
  const { source } = base.settings;
  if (where.length > 0 || source !== null) return byAgents(base, where);
  throw new NotImplementedError(
    "workers need the address of the server, which the client does not tell: " +
      "get_context('redis', { url })",
  );
}

/** `Pool` of a context, which may be called without `new`. */
export interface RedisPoolFactory {
  /** With everything by name. */
  new <F extends Target = Target>(options: RedisPoolOptions<F>): RedisPool;
  /** With the number of workers, and the rest by name. */
  new <F extends Target = Target>(
    processes: number | null,
    options: RedisPoolOptions<F>,
  ): RedisPool;
  /** With everything in Python's order. */
  new <F extends Target = Target>(
    processes?: number | null,
    initializer?: F | null,
    initargs?: Parameters<F>,
    maxtasksperchild?: number | null,
    options?: RedisPoolOptions<F>,
  ): RedisPool;
  /** With everything by name. */
  <F extends Target = Target>(options: RedisPoolOptions<F>): RedisPool;
  /** With the number of workers, and the rest by name. */
  <F extends Target = Target>(
    processes: number | null,
    options: RedisPoolOptions<F>,
  ): RedisPool;
  /** With everything in Python's order. */
  <F extends Target = Target>(
    processes?: number | null,
    initializer?: F | null,
    initargs?: Parameters<F>,
    maxtasksperchild?: number | null,
    options?: RedisPoolOptions<F>,
  ): RedisPool;
  /** The methods of all pools. */
  readonly prototype: RedisPool;
}

/** The class as a context has it. */
export function poolFactory(base: Base): RedisPoolFactory {
  const make = (args: unknown[]) => new RedisPool(base, args);
  return new Proxy(RedisPool, {
    apply: (_target, _this, args) => make(args),
    construct: (_target, args) => make(args),
  }) as unknown as RedisPoolFactory;
}
