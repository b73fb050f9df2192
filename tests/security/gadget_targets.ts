/** Targets of hostile payloads: every function here reports its calls. */

/** Names of what has been called, in the receiving process. */
export const calls: string[] = [];

export function canary(...args: unknown[]): unknown {
  calls.push(`canary(${args.length})`);
  return canary;
}

export class Built {
  constructor() {
    calls.push("new Built");
  }
  static get nothing(): unknown {
    calls.push("Built.nothing");
    return 1;
  }
  get getter(): unknown {
    calls.push("getter");
    return canary;
  }
  method(): void {
    calls.push("method");
  }
  toString(): string {
    calls.push("toString");
    return "Built";
  }
}

/** `await` would call its method. */
export class Thenable {
  then(resolve: (value: unknown) => void): void {
    calls.push("then");
    resolve("adopted");
  }
}

/** `await` would run its getter. */
export class ThenGetter {
  get then(): unknown {
    calls.push("get then");
    return undefined;
  }
}

/** A function that `await` would ask. */
export function awaited(): void {}
awaited.then = (): void => void calls.push("awaited.then");

export class List extends Array<unknown> {
  constructor(...items: unknown[]) {
    super(...items as []);
    calls.push("new List");
  }
}

export class Failure extends Error {
  constructor() {
    super("made here");
    calls.push("new Failure");
  }
}

/** Names of the program's own for what is not its own. */
export const Alias = Uint8Array;
export const compile = Function;

/** A class as it was written before there was `class`. */
export function Old(): void {
  calls.push("Old");
}
Old.prototype.__reduce__ = (): unknown[] => [Old, []];

/** As a program has them: the classes of its own that may cross. */
export class Honest {
  value: unknown = 1;
}
