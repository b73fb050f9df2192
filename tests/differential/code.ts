/**
 * A piece of a program in both languages. Most pieces are written once: a call is a name,
 * its arguments and its keywords, which each language writes in its own way.
 *
 * @module
 */

/** The same in Python and in TypeScript. */
export interface Code {
  readonly py: string;
  readonly ts: string;
}

/** A value that is written out in both languages, or code that gives one. */
export type Given =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Given[]
  | Map<Given, Given>
  | Set<Given>
  | Code;

/** Keywords of a call. */
export type Keywords = Record<string, Given>;

/** Code that differs between the languages; with one argument, code that does not. */
export function code(py: string, ts: string = py): Code {
  return { py, ts };
}

/** What a value is called in both languages. */
export function literal(given: Given): Code {
  if (given === null) return code("None", "null");
  switch (typeof given) {
    case "boolean":
      return code(given ? "True" : "False", String(given));
    case "number":
      return number(given);
    case "bigint":
      return code(String(given), `${given}n`);
    case "string":
      return quoted(given);
  }
  if (given instanceof Uint8Array) {
    return code(`bytes([${given.join(", ")}])`, `Uint8Array.of(${given.join(", ")})`);
  }
  if (Array.isArray(given)) return list("[", given, "]");
  if (given instanceof Set) {
    const { py, ts } = list("[", [...given], "]");
    return code(`set(${py})`, `new Set(${ts})`);
  }
  if (given instanceof Map) return dict([...given]);
  return given;
}

function number(value: number): Code {
  if (Number.isFinite(value)) {
    return code(String(value), Object.is(value, -0) ? "-0" : String(value));
  }
  const py = Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  return code(`float('${py}')`, String(value));
}

function quoted(text: string): Code {
  const escape = (write: (point: number) => string) =>
    `"${
      text.replace(/[^ !#-[\]-~]/gu, (character) => write(character.codePointAt(0)!))
    }"`;
  return code(
    escape((point) => `\\U${point.toString(16).padStart(8, "0")}`),
    escape((point) => `\\u{${point.toString(16)}}`),
  );
}

function list(open: string, items: Given[], close: string): Code {
  const parts = items.map(literal);
  return code(
    open + parts.map(({ py }) => py).join(", ") + close,
    open + parts.map(({ ts }) => ts).join(", ") + close,
  );
}

/** A dict: an object where all keys are words, otherwise a `Map`. */
function dict(entries: [Given, Given][]): Code {
  const parts = entries.map(([k, v]) => [literal(k), literal(v)] as const);
  const py = `{${parts.map(([k, v]) => `${k.py}: ${v.py}`).join(", ")}}`;
  const words = entries.every(([k]) => typeof k === "string" && /^[a-z_]\w*$/.test(k));
  return code(
    py,
    words
      ? `({ ${parts.map(([k, v]) => `${k.ts}: ${v.ts}`).join(", ")} })`
      : `new Map([${parts.map(([k, v]) => `[${k.ts}, ${v.ts}]`).join(", ")}])`,
  );
}

/** A call: keywords are the trailing object of TypeScript. */
export function call(
  callee: string | Code,
  args: Given[] = [],
  keywords: Keywords = {},
): Code {
  const name = typeof callee === "string" ? code(callee) : callee;
  const given = args.map(literal);
  const named = Object.entries(keywords).map(([k, v]) => [k, literal(v)] as const);
  const py = [...given.map(({ py }) => py), ...named.map(([k, v]) => `${k}=${v.py}`)];
  const ts = given.map(({ ts }) => ts);
  if (named.length > 0) {
    ts.push(`{ ${named.map(([k, v]) => `${k}: ${v.ts}`).join(", ")} }`);
  }
  return code(`${name.py}(${py.join(", ")})`, `${name.ts}(${ts.join(", ")})`);
}

/** A call of a class that TypeScript wants `new` for. */
export function construct(
  name: string,
  args: Given[] = [],
  keywords: Keywords = {},
): Code {
  return call(code(name, `new ${name}`), args, keywords);
}

/** An assignment to an attribute. */
export function assign(object: string, name: string, value: Given): Code {
  const { py, ts } = literal(value);
  return code(
    `setattr(${object}, '${name}', ${py})`,
    `void (${object}.${name} = ${ts})`,
  );
}

/** The text of an object. */
export function text(object: string): Code {
  return code(`str(${object})`, `String(${object})`);
}

/** Several pieces, one after the other; the value of the last one. */
export function sequence(...parts: Code[]): Code {
  return code(
    `[${parts.map(({ py }) => py).join(", ")}][-1]`,
    `(async () => { ${
      parts.map(({ ts }, i) => `${i === parts.length - 1 ? "return" : "await"} ${ts};`)
        .join(" ")
    } })()`,
  );
}

/** Several pieces, one after the other; all their values. */
export function all(...parts: Code[]): Code {
  return code(
    `[${parts.map(({ py }) => py).join(", ")}]`,
    `(async () => [${parts.map(({ ts }) => `await ${ts}`).join(", ")}])()`,
  );
}

/** Whether a piece raises an error, whatever its text is. */
export function raised({ py, ts }: Code): Code {
  return code(`raised(lambda: ${py})`, `raised(() => ${ts})`);
}
