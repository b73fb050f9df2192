/** Functions and classes that fail, for other processes. */

function failInner(value: number): never {
  throw new RangeError(`too far: ${value}`);
}

export function failDeep(value: number): number {
  return failInner(value) + 1;
}

/** Fails with several errors. */
export function failSeveral(): never {
  const second = new TypeError("two", { cause: new Error("deep") });
  throw new AggregateError([new Error("one"), second], "several");
}

export class Failing {
  fail(value: number): number {
    return failInner(value) + 1;
  }
}
