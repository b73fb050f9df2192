/** Functions that only the names tell which `exported` gives them. */
import { exported } from "../../mod.ts";

/** One that no export is. */
export const hidden: (() => string)[] = [() => "hidden"];

/** One that another function has made. */
export const makeAdder = { two: adder(2) };

function adder(n: number): (x: number) => number {
  return (x) => x + n;
}

/** A wrapped one: its own text is `cache`'s. */
export const cached: (x: number) => number = cache((x) => x * x);

function cache<A, R>(f: (x: A) => R): (x: A) => R {
  const known = new Map<A, R>();
  return (x) => {
    if (!known.has(x)) known.set(x, f(x));
    return known.get(x)!;
  };
}

export const { mixed } = { mixed: (x: number): string => `mixed ${x}` };

/** A class that is no export under its own name. */
export { Boxed as Hidden };

class Boxed {
  content: string;
  constructor(content: string) {
    this.content = content;
  }
}

/** Functions under computed names. */
export const NAMES: Record<string, (x: string) => unknown> = {
  ["box" + "ed"]: (content) => new Boxed(content),
};

function nameTwin(name: string): () => string {
  return function twin() {
    return name;
  };
}

/** Two of one name and one text. */
export const twin = { inner: nameTwin("inner"), outer: nameTwin("outer") };

exported(import.meta, {
  "hidden.0": hidden[0]!,
  "makeAdder.two": makeAdder.two,
  cached,
  mixed,
  Boxed,
  "NAMES.boxed": NAMES["boxed"]!,
  "twin.inner": twin.inner,
  "twin.outer": twin.outer,
});
