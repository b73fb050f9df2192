/** Functions and classes that have no name, each with another cure. */
export class Tool {
  /** A field that is a function. */
  readonly field = (x: number): number => x + this.size;
  size = 1;
  static twice(x: number): number {
    return 2 * x;
  }
  plus(x: number): number {
    return x + this.size;
  }
  // deno-lint-ignore require-await -- a method of that kind
  async later(x: number): Promise<number> {
    return x;
  }
  *each(): Generator<number> {
    yield this.size;
  }
}

/** Methods of an object. */
export const table = {
  method(x: number): number {
    return x;
  },
};

function inner(x: number): number {
  return x;
}
/** A function that is no export under a name of its own. */
export const unnamed: ((x: number) => number)[] = [inner];

class Local {
  value = 1;
}
/** An instance of a class that nothing exports. */
export const local: object = new Local();
