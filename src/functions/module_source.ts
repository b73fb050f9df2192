/**
 * Reads a module's exports and imports from its source, without running it: `import()`
 * does not give the exports of a module that is still being evaluated, as a main module is
 * that awaits this package's calls at its top level.
 *
 * A scanner, not a parser: comments, texts and everything within brackets are blanked out,
 * the rest is matched by words. The callers compare each result with the function at hand,
 * so a source that misleads the scanner gives "not found", never another function. Reads
 * JavaScript and TypeScript.
 *
 * @module
 */

/** An export of a module: a binding of its own, an expression, or another module's export. */
export type Export =
  | { local: string }
  | { at: number } // an expression: `export default …`
  | { from: string; name: string }; // "*" for the whole namespace

/** A binding that a module imports. */
interface Import {
  from: string;
  /** The name in the other module; "*" for the whole namespace. */
  name: string;
  local: string;
}

/** The result of {@linkcode readModule}. */
export interface ModuleSource {
  text: string;
  /** The text without comments, text literals and regular expressions. */
  code: string;
  /** Exports by name. */
  exports: Map<string, Export>;
  /** Modules that are exported as a whole by `export *`. */
  stars: string[];
  imports: Import[];
  /** Position of the function, class or initial value of each top-level binding. */
  declarations: Map<string, number>;
}

export function readModule(text: string): ModuleSource {
  return new Reader(text).read();
}

/** Any character beyond ASCII counts as a letter: Unicode's tables cost milliseconds. */
const NAME = String.raw`[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*`;
const word = new RegExp(NAME, "y");
/** Brackets, and the words that begin the statements that are read. */
const token = new RegExp(
  String
    .raw`[({[]|(?<![\w$\u0080-\uffff])(?:export|import|async|function|class|abstract|const|let|var)(?![\w$\u0080-\uffff])`,
  "g",
);
const functionHead = new RegExp(
  String
    .raw`(?:declare\s+)?((?:async\s+)?function\b\s*\*?|(?:abstract\s+)?class\b)\s*(${NAME})?`,
  "y",
);
const variableHead = /(?:const|let|var)\b/y;
const defaultHead = /default\b\s*/y;
const starHead = new RegExp(String.raw`\*\s*(?:as\s+(${NAME})\s*)?from\s*`, "y");
const listHead = /\{/y;
const fromHead = /\}\s*from\s*/y;
const importHead = new RegExp(
  String.raw`(?:(${NAME})\s*,?\s*)?(?:\*\s*as\s+(${NAME})\s*)?(?=\{|from\b)`,
  "y",
);
const listItem = new RegExp(
  String
    .raw`^(?:type\s+(?=\S))?(${NAME}|"[^"]*"|'[^']*')(?:\s+as\s+(${NAME}|"[^"]*"|'[^']*'))?$`,
);

class Reader {
  readonly #text: string;
  readonly #code: string;
  readonly #result: ModuleSource;

  constructor(text: string) {
    this.#text = text;
    this.#code = blank(text);
    this.#result = {
      text,
      code: this.#code,
      exports: new Map(),
      stars: [],
      imports: [],
      declarations: new Map(),
    };
  }

  read(): ModuleSource {
    const code = this.#code;
    for (let at = 0;;) {
      token.lastIndex = at;
      const found = token.exec(code);
      if (found === null) return this.#result;
      const [text] = found;
      const { index } = found;
      if ("({[".includes(text)) at = skipBrackets(code, index);
      else if (code[index - 1] === ".") at = index + text.length; // a property: `x.export`
      else at = this.#statement(text, index);
    }
  }

  /** Reads the statement that begins with a word; gives the position behind it. */
  #statement(found: string, at: number): number {
    const after = this.#skipSpace(at + found.length);
    switch (found) {
      case "export":
        return this.#export(after);
      case "import":
        return this.#import(after);
      case "async":
      case "function":
      case "class":
      case "abstract":
        return this.#declaration(at)?.end ?? at + found.length;
      case "const":
      case "let":
      case "var":
        return this.#variables(at)?.end ?? at + found.length;
      default:
        return at + found.length;
    }
  }

  #export(at: number): number {
    const { exports } = this.#result;
    const isDefault = this.#match(defaultHead, at);
    if (isDefault !== undefined) return this.#exportDefault(at + isDefault[0].length);
    const star = this.#match(starHead, at);
    if (star !== undefined) {
      const from = this.#string(at + star[0].length);
      if (from === undefined) return at + 1;
      if (star[1] === undefined) this.#result.stars.push(from);
      else exports.set(star[1], { from, name: "*" });
      return at + star[0].length;
    }
    if (this.#match(listHead, at) !== undefined) return this.#exportList(at);
    const declared = this.#declaration(at) ?? this.#variables(at);
    for (const name of declared?.names ?? []) exports.set(name, { local: name });
    return declared?.end ?? at; // types and interfaces do not count
  }

  #exportDefault(at: number): number {
    const declared = this.#declaration(at);
    const [local] = declared?.names ?? [];
    const name = declared === undefined ? this.#match(word, at)?.[0] : local;
    const isName = name !== undefined &&
      (local !== undefined || this.#isStatementEnd(at + name.length));
    this.#result.exports.set("default", isName ? { local: name } : { at });
    return declared?.end ?? at;
  }

  /** Whether nothing but space is between `at` and the end of a line or statement. */
  #isStatementEnd(at: number): boolean {
    const end = this.#skipSpace(at);
    return /^[;\n\r]?$/.test(this.#text[end] ?? "") ||
      /[\n\r]/.test(this.#code.slice(at, end));
  }

  #exportList(at: number): number {
    const close = skipBrackets(this.#code, at) - 1;
    const from = this.#match(fromHead, close);
    const specifier = from && this.#string(close + from[0].length);
    for (const [name, alias] of this.#list(at + 1, close)) {
      this.#result.exports.set(
        alias,
        specifier === undefined ? { local: name } : { from: specifier, name },
      );
    }
    return close + 1;
  }

  #import(at: number): number {
    if (/^type\s+(?!from\b|,)/.test(this.#code.slice(at, at + 80))) return at;
    const head = this.#match(importHead, at);
    if (head === undefined) return at; // import(), import.meta, import "x"
    let end = at + head[0].length;
    const names: [string, string][] = [];
    if (head[1] !== undefined) names.push(["default", head[1]]);
    if (head[2] !== undefined) names.push(["*", head[2]]);
    if (this.#code[end] === "{") {
      const close = skipBrackets(this.#code, end) - 1;
      names.push(...this.#list(end + 1, close));
      end = this.#skipSpace(close + 1);
    }
    const from = this.#string(this.#skipSpace(end + "from".length));
    if (from === undefined) return end;
    for (const [name, local] of names) this.#result.imports.push({ from, name, local });
    return end;
  }

  /** The names in `{ a, b as c }`, without types. */
  #list(from: number, to: number): [name: string, alias: string][] {
    const items: [string, string][] = [];
    for (const part of splitItems(this.#code, this.#text, from, to)) {
      const [whole, name, alias] = listItem.exec(part) ?? [];
      if (whole === undefined || /^type\s+\S/.test(whole) && name !== "type") continue;
      items.push([unquote(name!), unquote(alias ?? name!)]);
    }
    return items;
  }

  /** A function or class. */
  #declaration(at: number): { names: string[]; end: number } | undefined {
    const head = this.#match(functionHead, at);
    if (head === undefined) return undefined;
    const [whole, keyword, name] = head;
    const start = at + whole.indexOf(keyword!.trimStart().split(/\s/)[0]!);
    // The compiled text has no types and no word `abstract`.
    const begin = keyword!.startsWith("abstract") ? at + whole.indexOf("class") : start;
    if (name === undefined) return { names: [], end: at + whole.length };
    // The last one counts: those before it are signatures of overloads.
    this.#result.declarations.set(name, begin);
    return { names: [name], end: at + whole.length };
  }

  /** The names of `const a = …, { b, c: d } = …`; only single names get a declaration. */
  #variables(at: number): { names: string[]; end: number } | undefined {
    const head = this.#match(variableHead, at);
    if (head === undefined) return undefined;
    const names: string[] = [];
    let end = this.#skipSpace(at + head[0].length);
    while (true) {
      const name = this.#match(word, end)?.[0];
      if (name !== undefined) {
        names.push(name);
        end += name.length;
      } else if (this.#code[end] === "{" || this.#code[end] === "[") {
        const close = skipBrackets(this.#code, end);
        names.push(...patternNames(this.#code.slice(end, close)));
        end = close;
      } else break;
      const { value, next } = this.#initializer(end);
      if (name !== undefined && value !== undefined) {
        this.#result.declarations.set(name, value);
      }
      if (this.#code[next] !== ",") return { names, end: next };
      end = this.#skipSpace(next + 1);
    }
    return { names, end };
  }

  /** Positions of a variable's initial value, and of the next variable or statement. */
  #initializer(at: number): { value: number | undefined; next: number } {
    const code = this.#code;
    let value: number | undefined;
    for (let i = at; i < code.length; i++) {
      const character = code[i]!;
      if ("({[".includes(character)) i = skipBrackets(code, i) - 1;
      else if (character === "," || character === ";") return { value, next: i };
      else if (value === undefined && character === "=" && code[i + 1] !== ">") {
        value = this.#skipSpace(i + 1);
        i = value - 1;
      } else if (
        character === "\n" && value !== undefined && i > value &&
        startsStatement(code, i)
      ) {
        return { value, next: i };
      }
    }
    return { value, next: code.length };
  }

  #match(pattern: RegExp, at: number): RegExpExecArray | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.#code) ?? undefined;
  }

  #skipSpace(at: number): number {
    const code = this.#code;
    while (at < code.length && /\s/.test(code[at]!)) at++;
    return at;
  }

  /** The text literal that begins at `at`. */
  #string(at: number): string | undefined {
    const quote = this.#text[at];
    if (quote !== '"' && quote !== "'") return undefined;
    const end = this.#text.indexOf(quote, at + 1);
    return end < 0 ? undefined : this.#text.slice(at + 1, end);
  }
}

/** Whether the line after a line break begins a statement that is read. */
function startsStatement(code: string, at: number): boolean {
  return /^\s*(?:export|import|function|class|const|let|var|async\s+function|abstract\s+class)\b/
    .test(code.slice(at, at + 200));
}

function unquote(name: string): string {
  return /^["']/.test(name) ? name.slice(1, -1) : name;
}

/** Names that `{ a, b: c, ...d }` or `[a, b]` binds, without nested patterns. */
function patternNames(pattern: string): string[] {
  return pattern.slice(1, -1).split(",").flatMap((part) => {
    const [, name] = new RegExp(
      String.raw`^\s*(?:\.\.\.\s*|[^:=]*:\s*)?(${NAME})\s*(?:=|$)`,
    ).exec(part) ?? [];
    return name === undefined ? [] : [name];
  });
}

/** The parts between commas, with the text literals restored, without comments. */
function splitItems(code: string, text: string, from: number, to: number): string[] {
  return code.slice(from, to).split(",").map((part) => {
    const start = from;
    from += part.length + 1;
    let item = "";
    for (let i = 0; i < part.length; i++) {
      item += part[i] === QUOTED ? text[start + i] : part[i];
    }
    return item.trim().replace(/\s+/g, " ");
  });
}

const bracket = /[(){}[\]]/g;

/** The index behind the bracket that closes the one at `at`. */
function skipBrackets(code: string, at: number): number {
  let depth = 0;
  bracket.lastIndex = at;
  for (let found; (found = bracket.exec(code)) !== null;) {
    if ("({[".includes(found[0])) depth++;
    else if (--depth === 0) return found.index + 1;
  }
  return code.length;
}

/** Replaces the characters of text literals. */
const QUOTED = "\u0001";

const REGEXP_MAY_FOLLOW =
  /(?:^|[(,=:[!&|?{};+\-*%<>~^}]|\b(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield))$/;

/** Replaces comments and regular expressions by spaces, texts by {@linkcode QUOTED}. */
export function blank(text: string): string {
  return blankFrom(text, 0, false).code;
}

function blankFrom(
  text: string,
  from: number,
  inTemplate: boolean,
): { code: string; end: number } {
  let code = "";
  let depth = 0;
  let i = from;
  const put = (end: number, filler: string) => {
    const part = text.slice(i, end);
    code += part.replace(/[^\n\r]/g, filler);
    i = Math.min(end, text.length);
  };
  while (i < text.length) {
    const next = inTemplate ? /["'`/{}]/g : /["'`/]/g;
    next.lastIndex = i;
    const found = next.exec(text)?.index ?? text.length;
    code += text.slice(i, found);
    i = found;
    const character = text[i];
    if (character === undefined) break;
    if (character === "/" && text[i + 1] === "/") {
      put(endOf(text, "\n", i), " ");
    } else if (character === "/" && text[i + 1] === "*") {
      put(endOf(text, "*/", i + 2) + 2, " ");
    } else if (character === '"' || character === "'") {
      put(endOfQuoted(text, i), QUOTED);
    } else if (character === "`") {
      put(endOfTemplate(text, i), QUOTED);
    } else if (character === "/" && REGEXP_MAY_FOLLOW.test(code.slice(-20).trimEnd())) {
      put(endOfRegExp(text, i), " ");
    } else {
      if (inTemplate && character === "{") depth++;
      if (inTemplate && character === "}" && depth-- === 0) break;
      code += character;
      i++;
    }
  }
  return { code, end: i };
}

function endOf(text: string, mark: string, from: number): number {
  const end = text.indexOf(mark, from);
  return end < 0 ? text.length : end;
}

function endOfQuoted(text: string, at: number): number {
  const quote = text[at];
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === quote) return i + 1;
    else if (text[i] === "\n") return i;
  }
  return text.length;
}

function endOfTemplate(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "`") return i + 1;
    else if (text[i] === "$" && text[i + 1] === "{") {
      i = blankFrom(text, i + 2, true).end;
    }
  }
  return text.length;
}

function endOfRegExp(text: string, at: number): number {
  let inClass = false;
  for (let i = at + 1; i < text.length; i++) {
    const character = text[i];
    if (character === "\\") i++;
    else if (character === "\n") return at + 1; // a division after all
    else if (character === "[") inClass = true;
    else if (character === "]") inClass = false;
    else if (character === "/" && !inClass) return i + 1;
  }
  return at + 1;
}
