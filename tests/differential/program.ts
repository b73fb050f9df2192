/**
 * A program: steps, each of which gives one line of the transcript. A step may make a
 * variable, and may have functions with steps of their own, which processes, threads and
 * workers run.
 *
 * @module
 */
import { random } from "../kill/items.ts";
import { type Code, code, type Given } from "./code.ts";

/** One step. */
export interface Step {
  code: Code;
  /** The variable that it makes; without one, its value is shown. */
  makes?: string | undefined;
  /** What `FUNCTION` in its code stands for. */
  body?: Body;
}

/** A function of the module, with steps of its own. */
export interface Body {
  parameters: string[];
  steps: Step[];
  /** What it gives; nothing if not given. */
  gives?: Code | undefined;
}

/** A program, and the kind that it is of. */
export interface Program {
  kind: string;
  steps: Step[];
}

/** Stands for the name of a step's function in its code. */
export const FUNCTION = "FUNCTION";

/** Stands for the variables that the function is given, as a tuple or an array. */
export const PARAMETERS = "PARAMETERS";

/** The variables in a piece of code: a word, `_` and a number. */
export function variablesIn({ py }: Code): string[] {
  return [...new Set(py.replace(/"[^"]*"/g, '""').match(/\b[a-z]+_\d+\b/g) ?? [])];
}

/** Errors, which are values as any other. */
const ERRORS = [
  code('ValueError("x")', 'new mp.ValueError("x")'),
  code('KeyError("k")', 'new mp.KeyError("k")'),
  code("EOFError()", "new mp.EOFError()"),
  code('ValueError("a", 1)', 'new mp.ValueError("a", 1)'),
  code('OSError(2, "gone")', 'new mp.OSError(2, "gone")'),
];

/** The variables that a step needs. */
export function usedBy({ code, body }: Step): string[] {
  return [...new Set([...variablesIn(code), ...body?.parameters ?? []])];
}

/** Random choices, always the same for a seed. */
export class Dice {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = random(seed);
  }

  /** A number from 0 to `n - 1`. */
  below(n: number): number {
    return Math.floor(this.#next() * n);
  }

  /** A number from `least` to `most`. */
  from(least: number, most: number): number {
    return least + this.below(most - least + 1);
  }

  /** True once in `n` times. */
  once(n: number): boolean {
    return this.below(n) === 0;
  }

  /** One of them. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)]!;
  }

  /** What one of them gives; the others are not called. */
  one<T>(...makers: (() => T)[]): T {
    return this.pick(makers)();
  }

  /** A value that crosses between processes, and is the same in both languages. */
  value(depth = 2): Given {
    if (depth > 0 && this.once(4)) {
      return this.one<Given>(
        () => this.values(3, depth - 1),
        () => new Map(this.values(2, depth - 1).map((v, i) => [`k${i}`, v])),
        () => new Set(Array.from({ length: this.below(3) }, (_, i) => i * 3)),
      );
    }
    return this.one<Given>(
      () => this.from(-5, 300),
      () => this.pick(["", "a", "bun 1", "é", "😀", 'say "x"\n', "x".repeat(40)]),
      () => this.pick([null, true, false]),
      () => this.pick([0.5, -2.25, 1e-7, 123456.75, 2 ** 40, -0.1]),
      () => Uint8Array.from({ length: this.below(4) }, () => this.below(256)),
      () => this.pick([...ERRORS]),
      () => BigInt(this.below(1000)) * 10n ** 20n,
    );
  }

  /** Up to `most` values. */
  values(most: number, depth = 1): Given[] {
    return Array.from({ length: this.below(most + 1) }, () => this.value(depth));
  }
}

/** Puts a program together. */
export class Writer {
  readonly steps: Step[] = [];
  readonly dice: Dice;
  readonly #counter: { last: number };

  constructor(dice: Dice, counter: { last: number } = { last: 0 }) {
    this.dice = dice;
    this.#counter = counter;
  }

  /** Adds steps whose values are shown. */
  show(...codes: Code[]): void {
    for (const one of codes) this.steps.push({ code: one });
  }

  /** Adds a step that makes a variable; gives its name. */
  make(word: string, made: Code, body?: Body): string {
    const makes = this.name(word);
    this.steps.push(
      body === undefined ? { code: made, makes } : { code: made, makes, body },
    );
    return makes;
  }

  /** A name that nothing has. */
  name(word: string): string {
    return `${word}_${++this.#counter.last}`;
  }

  /** A function that is given these variables. */
  body(
    parameters: string[],
    write: (inner: Writer) => void,
    gives?: Code,
  ): Body {
    const inner = new Writer(this.dice, this.#counter);
    write(inner);
    return { parameters, steps: inner.steps, gives };
  }

  /**
   * Adds a step that makes a process, with more arguments of its constructor as written in
   * both languages.
   */
  process(body: Body, more: { py?: string; ts?: string } = {}): string {
    const py = `mp.Process(target=${FUNCTION}, args=${PARAMETERS}${more.py ?? ""})`;
    const ts = `new mp.Process({ target: ${FUNCTION}, args: ${PARAMETERS}${
      more.ts ?? ""
    } })`;
    return this.make("p", code(py, ts), body);
  }
}
