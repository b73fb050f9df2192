/**
 * Compares our public names, and the order and names of their parameters, with CPython's,
 * which `scripts/api.json` lists.
 *
 * - Every name of CPython's must be there, unless `planned` lists it (`". Lock"`; `"./pool"`
 *   is a whole entry point; `". Queue.get"` a method). What is there must not be `planned`.
 * - Every other value that we export must be an error class, as Python has them among its
 *   builtins, or be listed with its reason in `ours`.
 * - Some signature of ours must take CPython's positional parameters in CPython's order,
 *   and what may be a keyword there must be an option here. `without` lists the exceptions
 *   with their reasons, by the same names as `planned`.
 *
 * And what we export must be what `scripts/api_report.txt` says: see `api_report.ts`.
 *
 * The types are asked for the names, so overloads, inherited methods and constants that
 * stand for classes are all understood.
 *
 * @module
 */
import ts from "typescript";
import api from "./api.json" with { type: "json" };
import { checker, exportsOf } from "./api_program.ts";
import { checkReport } from "./api_report.ts";
import { config } from "./project.ts";

/** A function's parameters, a class, or something without parameters. */
type Shape = string | null | Members;

/** A class: its constructor as `new`, its methods and properties. */
interface Members {
  [name: string]: string | null;
}

const exportsOfPython = api.exports as Record<string, Record<string, Shape>>;
const planned = new Set<string>(api.planned);
const ours = api.ours as Record<string, Record<string, string>>;
const without = api.without as Record<string, string>;

const problems: string[] = [];
const missing: string[] = [];
const used = new Set<string>();

/** What an entry point exports, by name; types alone left out. */
function valuesOf(path: string): Map<string, ts.Symbol> {
  const isValue = ([, { flags }]: [string, ts.Symbol]) => flags & ts.SymbolFlags.Value;
  return new Map([...exportsOf(path)].filter(isValue));
}

/** Says whether a name that should be there is; remembers what is left to build. */
function expect(name: string, found: boolean): boolean {
  if (planned.has(name)) {
    used.add(name);
    if (found) problems.push(`${name}: is there, but still listed as planned`);
    else missing.push(name);
  } else if (without[name] !== undefined && !found) {
    used.add(name);
  } else if (!found) {
    problems.push(`${name}: missing, and not planned`);
  }
  return found;
}

function checkEntry(entry: string, names: Record<string, Shape>): void {
  const path = config.exports[entry];
  if (!expect(entry, path !== undefined)) return;
  const values = valuesOf(path!);
  for (const [name, shape] of Object.entries(names)) {
    const symbol = values.get(name);
    if (expect(`${entry} ${name}`, symbol !== undefined)) {
      checkShape(`${entry} ${name}`, shape, symbol!);
    }
  }
  for (const [name, symbol] of values) {
    if (name in names || ours[entry]?.[name] !== undefined) continue;
    if (isErrorClass(symbol)) continue;
    problems.push(`${entry} ${name}: neither CPython's nor listed in ours`);
  }
  for (const name of Object.keys(ours[entry] ?? {})) {
    if (!values.has(name)) problems.push(`${entry} ${name}: listed in ours, not there`);
  }
}

function isErrorClass(symbol: ts.Symbol): boolean {
  const made = checker.getTypeOfSymbol(symbol).getConstructSignatures()[0];
  const type = made?.getReturnType();
  return type?.getProperty("message") !== undefined &&
    type.getProperty("stack") !== undefined;
}

function checkShape(name: string, shape: Shape, symbol: ts.Symbol): void {
  if (shape === null) return;
  const type = checker.getTypeOfSymbol(symbol);
  const calls = [...type.getConstructSignatures(), ...type.getCallSignatures()];
  if (typeof shape === "string") {
    checkParameters(name, shape, calls);
    return;
  }
  const { new: constructor, ...members } = shape;
  if (constructor != null) checkParameters(`${name}.new`, constructor, calls);
  const instance = instanceType(symbol, calls);
  for (const [member, parameters] of Object.entries(members)) {
    const property = instance?.getProperty(member) ?? type.getProperty(member);
    const full = `${name}.${member}`;
    if (!expect(full, property !== undefined) || parameters === null) continue;
    const method = checker.getTypeOfSymbol(property!);
    checkParameters(full, parameters, [...method.getCallSignatures()]);
  }
}

/** What `new` gives, or, for a class that has no public constructor, its declared type. */
function instanceType(symbol: ts.Symbol, calls: ts.Signature[]): ts.Type | undefined {
  return calls[0]?.getReturnType() ?? checker.getDeclaredTypeOfSymbol(symbol);
}

/** Parameters that stand for the keyword arguments, whatever else they hold. */
const OPTIONS = /^(options|opts|kwds|init)$/;

function checkParameters(name: string, wanted: string, found: ts.Signature[]): void {
  if (without[name] !== undefined) {
    used.add(name);
    return;
  }
  const [positional, keywords] = splitParameters(wanted);
  const options = new Set<string>();
  let longest: string[] = [];
  let open = false;
  for (const signature of found) {
    const names: string[] = [];
    for (const parameter of signature.getParameters()) {
      const { declaration, type } = describe(parameter);
      if (declaration?.dotDotDotToken) open = true;
      else if (positional.includes(parameter.name) || !OPTIONS.test(parameter.name)) {
        names.push(parameter.name);
      }
      addOptions(type, options);
    }
    const inOrder = names.every((one, i) => one === positional[i]);
    if (!inOrder) {
      problems.push(`${name}(${names.join(", ")}): CPython has (${wanted})`);
      return;
    }
    if (names.length > longest.length) longest = names;
  }
  if (!open && longest.length < positional.length && wanted !== "") {
    const rest = positional.slice(longest.length);
    problems.push(`${name}: takes no positional ${rest.join(", ")}`);
  }
  for (const keyword of keywords) {
    if (!options.has(keyword)) problems.push(`${name}: has no option ${keyword}`);
  }
}

function describe(parameter: ts.Symbol) {
  const declaration = parameter.valueDeclaration;
  return {
    declaration: declaration && ts.isParameter(declaration) ? declaration : undefined,
    type: checker.getTypeOfSymbol(parameter),
  };
}

/** Options may stand in the place of any positional parameter. */
function addOptions(type: ts.Type, options: Set<string>): void {
  for (const part of type.isUnion() ? type.types : [type]) {
    const flags = part.symbol?.flags ?? 0;
    const isRecord = flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeLiteral);
    if (!isRecord && !part.isIntersection()) continue;
    for (const property of part.getProperties()) options.add(property.name);
  }
}

/** `"obj, block=, *, x="` to the positional names, and those that may be keywords. */
function splitParameters(text: string): [string[], string[]] {
  const positional: string[] = [];
  const keywords: string[] = [];
  let afterStar = false;
  for (const part of text.split(", ").filter((part) => part !== "")) {
    const name = part.replace("=", "");
    if (part.startsWith("**")) continue;
    if (part.startsWith("*")) {
      afterStar = true;
    } else {
      if (!afterStar) positional.push(name);
      if (part.endsWith("=")) keywords.push(name);
    }
  }
  return [positional, keywords];
}

for (const [entry, names] of Object.entries(exportsOfPython)) checkEntry(entry, names);
for (const name of [...planned, ...Object.keys(without)]) {
  if (!used.has(name)) problems.push(`${name}: listed, but nothing asks for it`);
}
problems.push(...checkReport());
for (const problem of problems) console.log(problem);
if (missing.length > 0) console.log(`planned: ${missing.join(", ")}`);
console.log(`${missing.length} planned, ${problems.length} problems`);
if (problems.length > 0) Deno.exit(1);
