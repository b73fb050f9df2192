/**
 * Classes of the emitted programs. Its Python twin is `classes.py`.
 *
 * @module
 */
import { Process, type Queue, ValueError } from "../../mod.ts";
import { BaseManager } from "../../src/managers.ts";
import { c_double, c_int, Structure } from "../../src/sharedctypes.ts";

/** Holds a value. */
export class Box {
  x: unknown;

  constructor(x: unknown = 0) {
    this.x = x;
  }

  get(): unknown {
    return this.x;
  }

  set(x: unknown): void {
    this.x = x;
  }

  add(n = 1): number {
    return this.x = this.x as number + n;
  }

  fail(text: string): never {
    throw new ValueError(text);
  }

  same(value: unknown): unknown {
    return value;
  }

  _hidden(): string {
    return "hidden";
  }
}

/** A manager of boxes. */
export class Own extends BaseManager {}
Own.register("Box", Box);
Own.register("Half", { callable: Box, exposed: ["get", "_hidden"] });
Own.register("Boxes", { callable: Box, method_to_typeid: { same: "Box" } });

/** Has fields of its own, which travel, and says them. */
export class Teller extends Process {
  queue: Queue<unknown>;
  value: unknown;

  constructor(queue: Queue<unknown>, value: unknown) {
    super();
    this.queue = queue;
    this.value = value;
  }

  override async run(): Promise<void> {
    await this.queue.put([this.name, this.value]);
  }
}

/** Two numbers. */
export class Point extends Structure {
  static override readonly _fields_ = [["x", c_double], ["y", c_int]] as const;
  declare x: number;
  declare y: number;
}
