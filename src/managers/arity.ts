/**
 * How many arguments the methods of a manager's containers take, and Python's words for
 * too few or too many. JavaScript would go on with what is missing as `undefined`.
 *
 * @module
 */

/** Fewest and most arguments, by a method's name. */
export type Arities = ReadonlyMap<string, readonly [least: number, most: number]>;

/**
 * A table of methods.
 *
 * @param rows Names, separated by spaces, under what they take: `1`, `0-1`, `1-`.
 */
export function arities(rows: Readonly<Record<string, string>>): Arities {
  const table = new Map<string, readonly [number, number]>();
  for (const [range, names] of Object.entries(rows)) {
    const [least, most = least] = range.split("-");
    for (const name of names.split(" ")) {
      table.set(name, [Number(least), most === "" ? Infinity : Number(most)]);
    }
  }
  return table;
}

/** A class whose methods are in such a table. */
export interface Counted {
  readonly _type: string;
  readonly _arities: Arities;
}

/** Checks the number of arguments. @throws {TypeError} */
export function checkArity(object: object, name: string, count: number): void {
  const Class = object.constructor as unknown as Partial<Counted> | undefined;
  const arity = Class?._arities?.get(name);
  if (arity === undefined) return;
  const [least, most] = arity;
  if (count >= least && count <= most) return;
  throw new TypeError(textFor(Class!._type!, name, count, least, most));
}

function textFor(
  type: string,
  name: string,
  count: number,
  least: number,
  most: number,
): string {
  const isOperator = name.startsWith("__");
  const [bound, limit] = least === most
    ? ["", least]
    : count < least
    ? ["at least ", least]
    : ["at most ", most];
  if (isOperator || least !== most || least > 1) {
    const method = isOperator ? "" : `${name} `;
    const noun = limit === 1 ? "argument" : "arguments";
    return `${method}expected ${bound}${limit} ${noun}, got ${count}`;
  }
  return least === 0
    ? `${type}.${name}() takes no arguments (${count} given)`
    : `${type}.${name}() takes exactly one argument (${count} given)`;
}
