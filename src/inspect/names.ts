/**
 * The names that a program gives to what it makes: read off the line that makes it. Pure.
 *
 * ```text
 * const frames = Queue(64);            // frames
 * this.lock = Lock();                  // lock
 * const [ours, theirs] = Pipe();       // ours, theirs
 * const forks = [Lock(), Lock()];      // forks[0], forks[1]
 * ```
 *
 * @module
 */

/** The longest statement that is looked at, in lines and in characters. */
const LINES = 8;
const LENGTH = 600;

/** The call itself, as far as it stands before the place that an engine gives. */
const CALLEE = /(?:\b(?:new|await)\s+|[\w$]+\s*\.\s*|[\w$]+$)*$/;

const NAME = "#?[\\p{ID_Start}$_][\\p{ID_Continue}$]*";
/** `a.b.c =`, with a type perhaps; not `==` or `=>`. */
const ASSIGNED = new RegExp(
  `(?:^|[^\\p{ID_Continue}$.])(?:${NAME}\\s*\\.\\s*)*(${NAME})[!?]?\\s*(?::[^=;(){}]*)?(?:\\?\\?|\\|\\|)?=$`,
  "u",
);
/** `name:` within an object. */
const FIELD = new RegExp(`[{,]\\s*(${NAME})\\s*:$`, "u");
/** `const [a, b] =`. */
const UNPACKED = /(?:const|let|var)\s*\[([^[\]]*)\]\s*=$/;
/** `const [a, b] = [` and what stands before the element. */
const UNPACKED_LIST = /(?:const|let|var)\s*\[([^[\]]*)\]\s*=\s*\[([^[\]]*)$/;
/** `const a = [`, `const a = Array.from(…`, `const a = names.map(…`. */
const MANY = new RegExp(
  `(?:(?:const|let|var)\\s+|\\.\\s*)(${NAME})\\s*(?::[^=;]*)?=\\s*(?:\\[[^;]*|Array\\.from\\([^;]*|[^;=]*\\.map\\([^;]*)$`,
  "u",
);
/** `a.push(`, `a.set("key", `. */
const ADDED = new RegExp(
  `(${NAME})\\s*\\.\\s*(?:push|add|set|unshift)\\([^;()]*$`,
  "u",
);

/**
 * The name of what is made at a place of a module.
 *
 * @param source The text of the module.
 * @param line From 1.
 * @param column From 1.
 * @param index How many were made before at this place, if the place makes one after the
 * other.
 */
export function nameAt(
  source: string,
  line: number,
  column: number,
  index: number,
): string | null {
  const head = headOf(source, line, column);
  if (head === undefined) return null;
  const list = UNPACKED.exec(head);
  if (list !== null) return nth(list[1]!, index);
  const own = ASSIGNED.exec(head) ?? FIELD.exec(head);
  if (own !== null) return own[1]!.replace("#", "");
  const element = UNPACKED_LIST.exec(head);
  if (element !== null) return nth(element[1]!, element[2]!.split(",").length - 1);
  const many = MANY.exec(head) ?? ADDED.exec(head);
  return many === null ? null : `${many[1]!.replace("#", "")}[${place(head, index)}]`;
}

/** Several in a literal stand at places of their own, each made once. */
function place(head: string, index: number): number {
  const literal = /=\s*\[([^[\]]*)$/.exec(head);
  return literal === null ? index : depthZeroCommas(literal[1]!);
}

function depthZeroCommas(text: string): number {
  let depth = 0, count = 0;
  for (const letter of text) {
    if ("([{".includes(letter)) depth++;
    else if (")]}".includes(letter)) depth--;
    else if (letter === "," && depth === 0) count++;
  }
  return count;
}

function nth(names: string, index: number): string | null {
  const name = names.split(",")[index]?.trim().replace(/\s*=.*$/, "");
  return name !== undefined && new RegExp(`^${NAME}$`, "u").test(name) ? name : null;
}

/** What stands before the call, from some lines above on. */
function headOf(source: string, line: number, column: number): string | undefined {
  let end = 0;
  for (let i = 1; i < line; i++) {
    end = source.indexOf("\n", end) + 1;
    if (end === 0) return undefined;
  }
  let begin = end;
  for (let i = 1; i < LINES && begin > 0; i++) {
    begin = source.lastIndexOf("\n", begin - 2) + 1;
  }
  const text = source.slice(
    Math.max(begin, end + column - 1 - LENGTH),
    end + column - 1,
  );
  // A comment is no code; one that is meant by a text does no harm.
  return text.replace(/(^|\s)\/\/.*$/gm, "").replace(CALLEE, "").trimEnd();
}
