/**
 * The error for a function that has no name: where it is, and the cure that fits the case.
 *
 * @module
 */
import { PicklingError } from "../python/errors.ts";
import { runtime } from "../runtime/mod.ts";
import { type Callable, isCallable, nameOf, textOf } from "./callable.ts";
import { knownReference, lostReference, memberName } from "./references.ts";
import { sourceOf, SourceSearch } from "./source_search.ts";
import { isInPackage } from "./urls.ts";
import { CURE, isTestFile } from "./test_files.ts";

/** Where a function was made. */
interface Origin {
  url: string;
  line?: number;
}

/** The error for a function that no module exports. */
export async function notFound(
  callable: Callable,
  urls: readonly string[],
  place?: PlaceOfFunction,
): Promise<PicklingError> {
  const name = nameOf(callable) || "<lambda>";
  const isClass = place?.isInstance || /^class\b/.test(textOf(callable));
  const kind = isClass ? "class" : "function";
  const at = place?.path ? ` (${place.path})` : "";
  if (isMock(callable)) return ofMock(callable);
  const lost = lostReference(callable) ?? new SourceSearch(callable).seek(urls, true);
  if (lost !== undefined) {
    const [url, exported] = lost;
    return new PicklingError(
      `Can't pickle <${kind} ${name}>: it's not the same object as ${url}.${exported}${at}`,
    );
  }
  const origin = await originOf(callable, urls);
  const module = origin?.url ?? urls[0] ?? "__main__";
  const line = origin?.line === undefined ? "" : `, line ${origin.line}`;
  const where = origin === undefined ? "" : ` (it is made in ${origin.url}${line})`;
  return new PicklingError(
    `Can't pickle <${kind} ${name}>: attribute lookup ${name} on ${module} failed` +
      `${where}; ${cure(callable, name, kind, origin, module, place)}${at}`,
  );
}

/** Own properties of what Vitest, Jest and sinon make. */
const MOCKS = ["_isMockFunction", "isSinonProxy"];

/**
 * Whether a function stands for another one in a test.
 *
 * @param isUnknown Whether it has no name; then getters may be called, which those of
 * `node:test`, which are proxies, and of Bun have.
 */
export function isMock(callable: Callable, isUnknown = true): boolean {
  if (MOCKS.some((key) => Object.hasOwn(callable, key))) return true;
  if (!isUnknown) return false;
  const { mock, mockClear } = callable as { mock?: object; mockClear?: unknown };
  return Array.isArray((mock as { calls?: unknown } | undefined)?.calls) &&
    (typeof mockClear === "function" ||
      mock!.constructor?.name === "MockFunctionContext");
}

/** The error for such a function. */
export function ofMock(callable: Callable): PicklingError {
  return new PicklingError(
    `Can't pickle <function ${nameOf(callable)}>: it is a mock, which exists in this ` +
      "process only: other processes import the module that it stands for; send a " +
      "function that is no mock",
  );
}

/** Why what another copy of this package has made cannot be sent, and the cure. */
export const OTHER_COPY =
  "it belongs to another copy of @pystd/multiprocessing: let all modules " +
  "import the same one (`npm ls @pystd/multiprocessing` lists them)";

/** What to do about it. */
function cure(
  callable: Callable,
  name: string,
  kind: "class" | "function",
  origin: Origin | undefined,
  module: string,
  place: PlaceOfFunction | undefined,
): string {
  if (isOfOtherCopy(callable)) {
    return OTHER_COPY;
  }
  const field = fields.get(callable);
  if (field !== undefined) {
    return `it is the field '${field.name}' of a '${field.type}' object: make it a ` +
      "method, or leave it out by `__getstate__`";
  }
  const text = textOf(callable);
  if (isMethod(text)) return `use ${boundCall(callable, name)} for a method`;
  if (name.startsWith("bound ")) {
    return "what `.bind()` makes has no name that another process knows: name it, " +
      "at the top level of a module, by `exported(import.meta, { name: it })`";
  }
  const holder = holderOf(place);
  const isForeign = holder?.isOfPackage || origin !== undefined &&
      (isInPackage(origin.url) || !/^(file|https?|data|blob):/.test(origin.url));
  if (isForeign || /\{\s*\[native code\]\s*\}$/.test(text.slice(-40))) {
    const isOfPackage = isForeign && (!origin || isInPackage(origin.url));
    const whose = isOfPackage ? "a package" : "the runtime";
    const others = holder === undefined ? "" : `, or those of ${holder.name},`;
    return kind === "class"
      ? `it belongs to ${whose}, which does not export it: \`register\` of ` +
        `@pystd/multiprocessing/reduction says how its instances${others} are sent`
      : `it belongs to ${whose}, which does not export it: export a function of your ` +
        "own that calls it";
  }
  // An export would be of no use: other processes do not import such a module.
  return isTestFile(module) ? CURE : addExport(origin !== undefined, name, module);
}

function addExport(isFound: boolean, name: string, module: string): string {
  const example = /^[\w$]+$/.test(name) ? `{ ${name} }` : "{ name: it }";
  const call = `\`exported(import.meta, ${example})\``;
  if (isFound || runtime.name !== "deno") {
    return `add \`export\` to it, at the top level of a module, or name it there by ${call}`;
  }
  const flag = runtime.moduleSource(module) === undefined ? "read" : "sys";
  return `add \`export\` to it, name it by ${call} in its module, or allow Deno to look ` +
    `for it by --allow-${flag}`;
}

/** Where the function is in the value that is sent: `Place` of reduction/place.ts. */
interface PlaceOfFunction {
  path: string;
  isInstance: boolean;
  holder: object | undefined;
}

/** The class of the object that holds it, if that class has a name. */
function holderOf(
  place: PlaceOfFunction | undefined,
): { name: string; isOfPackage: boolean } | undefined {
  const holder: unknown = place?.holder &&
    Object.getPrototypeOf(place.holder)?.constructor;
  if (!place?.isInstance || !isCallable(holder)) return undefined;
  const reference = knownReference(holder);
  if (reference === undefined || reference.length === 1) return undefined;
  return { name: nameOf(holder), isOfPackage: isInPackage(reference[0]) };
}

// --- whose it is -------------------------------------------------------------------------

/** The fields in which functions of instances were met. */
const fields = new WeakMap<Callable, { type: string; name: string }>();

/** Notes that a function is a field of an instance that is being sent, for its error. */
export function noteField(callable: Callable, type: string, name: string): void {
  fields.set(callable, { type, name });
}

/** Whether a class is that of a shared object of another copy of this package. */
export function isOfOtherCopy(callable: Callable): boolean {
  const prototype: unknown = Object.getOwnPropertyDescriptor(callable, "prototype")
    ?.value;
  for (let at = prototype; at; at = Object.getPrototypeOf(at)) {
    const isOurs = Object.getOwnPropertySymbols(at)
      .some(({ description }) => description === "reduce_shared");
    if (isOurs) return true;
  }
  return false;
}

/** Whether a text is that of a method: `f() {}`, `async f() {}`, `*f() {}`, `get f() {}`. */
function isMethod(text: string): boolean {
  return /^(?:(?:async|static|get|set)\s+)*\*?\s*[\w$#]+\s*\(/.test(text) &&
    !/^(?:async\s+)?function\b|^async\s*\(|^class\b/.test(text);
}

/** How `bound` is called for a method. */
function boundCall(callable: Callable, name: string): string {
  const owner = memberName(callable);
  return owner === undefined
    ? `\`bound(object, "${name}")\``
    : owner.isStatic
    ? `\`bound(${owner.className}, "${name}")\``
    : `\`bound(object, "${name}")\`, where \`object\` is an instance of ${owner.className},`;
}

// --- where it was made -------------------------------------------------------------------

/** The module and the line in which a function was made, as far as they are known. */
async function originOf(
  callable: Callable,
  urls: readonly string[],
): Promise<Origin | undefined> {
  const location = await runtime.locate(callable);
  if (location !== undefined) {
    const { url, line, source } = location;
    const text = runtime.moduleSource(url);
    if (text === undefined) return { url };
    // A translation may have moved the lines.
    const isSame = lines(text) === lines(source);
    const found = isSame ? line : lineOf(callable, text);
    return found === undefined ? { url } : { url, line: found };
  }
  const text = textOf(callable);
  for (const url of [...urls, ...runtime.loadedModules(false)]) {
    const found = sourceOf(url)?.text.includes(text);
    // If the runtime does not run the source as it is, only the name can be compared.
    const isCertain = found || runtime.name === "deno";
    const line = isCertain && lineOf(callable, runtime.moduleSource(url) ?? "");
    if (line) return { url, line };
    if (found) return { url };
  }
  return undefined;
}

function lineOf(callable: Callable, text: string): number | undefined {
  const name = nameOf(callable).replace(/\W/g, "\\$&");
  const declaration = name === "" ? -1 : text.search(
    new RegExp(
      String.raw`\b(?:function\s*\*?|class)\s+${name}\b|` +
        String
          .raw`\b(?:const|let|var)\s+${name}\b[^=]*=\s*(?:async|function|class|\(|\w+\s*=>)`,
    ),
  );
  const at = declaration >= 0 ? declaration : text.indexOf(textOf(callable));
  return at < 0 ? undefined : lines(text.slice(0, at));
}

function lines(text: string): number {
  return text.split("\n").length;
}
