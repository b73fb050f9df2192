/** Functions and classes for the tests of src/reduction.ts to send. */

import { inner } from "./picklable_inner.ts";

export { inner as reexported } from "./picklable_inner.ts";
export * from "./picklable_star.ts";

export function plain(a: number, b: number = 1): number {
  return a + b;
}

export const arrow = async (a: number): Promise<number> => await a;

export function* generator(): Generator<number> {
  yield 1;
}

function local(): string {
  return "local";
}
export { local as renamed };

export default function (): string {
  return "default";
}

function notExported(): string {
  return inner();
}

/** Functions that no module exports. */
export function hidden(): (() => string)[] {
  const closure = () => "closure";
  function plain(): string { // the name of an export, but not the function
    return "another";
  }
  return [notExported, closure, plain, () => "lambda"];
}

export class Point {
  x: number;
  y: number;
  static origin(): Point {
    return new Point(0, 0);
  }
  constructor(x: number, y: number) {
    this.x = x;
    this.y = y;
    Point.made++;
  }
  static made = 0;
  get length(): number {
    return Math.hypot(this.x, this.y);
  }
  toJSON(): never {
    throw new Error("toJSON was called");
  }
  plus(dx: number): number {
    return this.x + dx;
  }
}

export class Node {
  parent: Node | null = null;
  children: Node[] = [];
}

export class Secretive {
  open = 1;
  #secret = 2;
  tell(): number {
    return this.#secret;
  }
}

export class Stateful {
  value: unknown;
  restored = false;
  constructor(value: unknown) {
    this.value = value;
  }
  __getstate__(): unknown {
    return { packed: this.value, self: this };
  }
  __setstate__(state: { packed: unknown; self: unknown }): void {
    this.value = [state.packed, state.self === this];
    this.restored = true;
  }
}

export class Reduced {
  readonly #by: string;
  extra: unknown;
  constructor(by: string) {
    this.#by = by;
  }
  get by(): string {
    return this.#by;
  }
  __reduce__(): unknown[] {
    return this.extra === undefined
      ? [Reduced, [this.#by]]
      : [makeReduced, [this.#by], { extra: this.extra }];
  }
}

export function makeReduced(by: string): Reduced {
  return new Reduced(`made of ${by}`);
}

export class Loop {
  __reduce__(): unknown[] {
    return [Loop, [this]];
  }
}

export class Stack extends Array<number> {
  label = "stack";
  peek(): number | undefined {
    return this.at(-1);
  }
}

export class Registry extends Map<unknown, unknown> {
  label = "registry";
  override set(): this {
    throw new Error("set of the subclass was called");
  }
  static of(...entries: [unknown, unknown][]): Registry {
    const registry = new Registry();
    for (const [key, value] of entries) Map.prototype.set.call(registry, key, value);
    return registry;
  }
}

export class Bag extends Set<unknown> {}

export class Moment extends Date {
  zone = "UTC";
}

export class Samples extends Float32Array {}

export class Handle extends Promise<void> {}

export class Emitter extends EventTarget {}

export class AppError extends TypeError {
  override name = "AppError";
  status: number;
  constructor(status: number, options?: ErrorOptions) {
    super(`status ${status}`, options);
    this.status = status;
  }
}

export class Named {
  static name = { not: "text" };
}

export class Money {
  amount: bigint;
  constructor(amount: bigint) {
    this.amount = amount;
  }
}
