/**
 * `Process` of a context on a server: it runs on the machine of an agent or, if there is none,
 * on this one.
 *
 * @module
 */
import type {
  CommonProcessOptions,
  GivenArguments,
  Target,
  Work,
} from "../../process/arguments.ts";
import { BaseProcess, popenOf } from "../../process/base.ts";
import { registerClass } from "../../process/class_names.ts";
import type { Identity } from "../../process/identity.ts";
import type { Launched, LaunchOptions } from "../../process/popen.ts";
import {
  parseArguments,
  pythonTypeName,
  type Signature,
  signature,
} from "../../python/arguments.ts";
import { ValueError } from "../../python/errors.ts";
import type { Base } from "../base.ts";
import { takeMaking, within } from "../making.ts";
import { RedisPopen } from "./popen.ts";

/** Seconds for which an agent with the right labels is waited for, by default. */
const START_TIMEOUT = 10;

/** Options that Python's process has not. */
export interface PlacedOptions {
  /**
   * Labels that its agent must have (`--where gpu`): one, or a list of them. By default any
   * agent will do, and this machine if there is none.
   */
  where?: string | readonly string[] | null;
  /** Seconds for which `start` waits for an agent that has them; 10 by default. */
  start_timeout?: number;
}

/** The options of `new mp.Process(…)`. */
export type RedisProcessOptions<F extends Target = Target> =
  & Pick<CommonProcessOptions<F>, "group" | "target" | "name" | "daemon">
  & GivenArguments<F>
  & PlacedOptions;

interface ProcessArguments {
  group: unknown;
  target: unknown;
  name: unknown;
  args: unknown;
  kwargs: unknown;
  daemon: unknown;
  where: unknown;
  start_timeout: unknown;
}

const INIT: Signature<ProcessArguments> = signature<ProcessArguments>(
  "BaseProcess.__init__",
  {
    ...{ group: null, target: null, name: null, args: [], kwargs: null, daemon: null },
    ...{ where: null, start_timeout: START_TIMEOUT },
  },
  { keywordOnly: ["daemon", "where", "start_timeout"], objects: ["kwargs"] },
);

/**
 * What `Process` of a context makes. See `Process` of the package for the methods. Here,
 *
 * - `start` settles when it runs, or waits because all agents that fit have as many as they
 *   take; then `pid` is null for a while.
 * - If its agent dies, or is cut off for longer than its lease, it is killed, and `exitcode` is
 *   -9. It is never started a second time.
 * - It ends with the process that has started it, as others do; if that is killed, or cut off,
 *   when its lease is over.
 */
export class RedisProcess<F extends Target = Target> extends BaseProcess<F> {
  readonly #base: Base;
  readonly #where: readonly string[];
  readonly #timeout: number;

  /** Python's arguments, in its order, or one object with their names and more. */
  constructor(options?: RedisProcessOptions<F> | null);
  /** The same with positional arguments. */
  constructor(
    group: null,
    target: F | null,
    name?: string | null,
    args?: Iterable<unknown>,
    kwargs?: Record<string, unknown> | null,
    options?: Pick<CommonProcessOptions<F>, "daemon"> & PlacedOptions,
  );
  constructor(...given: unknown[]) {
    const { base } = takeMaking();
    const { where, start_timeout, ...rest } = parseArguments(INIT, given);
    const labels = asLabels(where);
    const timeout = asSeconds(start_timeout);
    super(rest as never);
    this.#base = base;
    this.#where = labels;
    this.#timeout = timeout;
  }

  /** The name of the machine that it runs on; null before, and if that is this one. */
  get host(): string | null {
    return popenOf(this)?.host ?? null;
  }

  /** @internal */
  protected override _Popen(
    identity: Identity,
    options: LaunchOptions,
    work: Work,
  ): Launched {
    const method = this._start_method;
    const [where, timeout] = [this.#where, this.#timeout];
    return new RedisPopen(
      this.#base,
      { identity, options, method, where, timeout },
      work,
    );
  }
}

/** One label, or a list of them. @throws {TypeError | ValueError} if it is neither */
export function asLabels(where: unknown): string[] {
  const labels = where === null ? [] : Array.isArray(where) ? where : [where];
  for (const label of labels) {
    if (typeof label !== "string") {
      throw new TypeError(`where must be a label, not ${pythonTypeName(label)}`);
    }
    checkLabel(label);
  }
  return labels;
}

/** Checks a label. @throws {ValueError} if it is none */
export function checkLabel(label: string): void {
  if (!/^[^\s,]{1,200}$/.test(label)) {
    throw new ValueError("a label has 1 to 200 characters, and no comma or space");
  }
}

function asSeconds(value: unknown): number {
  if (typeof value !== "number") {
    throw new TypeError(
      `start_timeout must be a number of seconds, not ${pythonTypeName(value)}`,
    );
  }
  if (Number.isNaN(value)) throw new ValueError("start_timeout must be a number");
  return Math.max(0, value);
}

/** `Process` of a context: a class, which can be extended. */
export interface RedisProcessClass {
  /** With `new`, as in JavaScript. */
  new <F extends Target = Target>(
    options?: RedisProcessOptions<F> | null,
  ): RedisProcess<F>;
  /** The same with positional arguments. */
  new <F extends Target = Target>(
    group: null,
    target: F | null,
    name?: string | null,
    args?: Iterable<unknown>,
    kwargs?: Record<string, unknown> | null,
    options?: Pick<CommonProcessOptions<F>, "daemon"> & PlacedOptions,
  ): RedisProcess<F>;
  /** The members that all of them have. */
  readonly prototype: RedisProcess;
}

/** The class of a context. */
export function processClassOf(base: Base): RedisProcessClass {
  return new Proxy(RedisProcess, {
    construct: (_target, args, newTarget) =>
      within(
        { base, sent: undefined },
        () => Reflect.construct(RedisProcess, args, newTarget) as RedisProcess,
      ),
  }) as unknown as RedisProcessClass;
}

registerClass("RedisProcess", RedisProcess);
