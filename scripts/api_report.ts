/**
 * The exported names and their types as text, `scripts/api_report.txt`: what changes for
 * users shows as a change of that file. `deno task check` fails if it is not what the
 * sources export; `deno run -A scripts/api_report.ts --update` writes it anew, and without
 * the option the differences are printed.
 *
 * A class or an interface is told with all members, inherited ones as well, so that one
 * that moves to another file or gets another base changes nothing. `type of class` is a
 * class that is exported as a type only. Types that are named there and not exported are
 * told, too. Members that are not for users are left out: private and protected ones,
 * `_name`, and those whose key is a symbol of ours. So are types that only a base or a
 * constructor of a class names.
 *
 * @module
 */
import ts from "typescript";
import { checker, exportsOf, targetOf, typesOf } from "./api_program.ts";
import { config, ROOT } from "./project.ts";

const REPORT = `${ROOT}/scripts/api_report.txt`;
const UPDATE = "deno run -A scripts/api_report.ts --update";

/** Lines of differences that are shown. */
const MAX_LINES = 40;

const { Class, Function, Interface, TypeAlias, Variable } = ts.SymbolFlags;
const FORMAT = ts.NodeBuilderFlags.NoTruncation |
  ts.NodeBuilderFlags.IgnoreErrors |
  ts.NodeBuilderFlags.AllowUniqueESSymbolType |
  ts.NodeBuilderFlags.UseAliasDefinedOutsideCurrentScope;

const printer = ts.createPrinter({ removeComments: true });
const anyFile = ts.createSourceFile("any.ts", "", ts.ScriptTarget.ESNext);

/** Members for the package alone: `_name`, and those whose key is a symbol of ours. */
const INTERNAL = /^_(?!_)|^\[(?!Symbol\.)/;

/** Those of such names that CPython's documentation has. */
const DOCUMENTED = new Set([
  "_callmethod",
  "_exposed_",
  "_getvalue",
  "_method_to_typeid_",
]);

const HIDDEN = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;

/** Types to be told, and those that have been. */
const named = new Set<ts.Symbol>();

/** The report as it should be. */
function makeReport(): string {
  const sections: string[] = [];
  const told = new Set<ts.Symbol>(); // whole, where they are exported
  for (const [entry, path] of Object.entries(config.exports).sort()) {
    const types = typesOf(path);
    const lines = [...exportsOf(path)].flatMap(([name, symbol]) => {
      if (!(symbol.flags & (Class | Interface))) told.add(symbol);
      const lines = describe(name, symbol);
      return symbol.flags & Class && types.has(name)
        ? lines.map((line) => `type of ${line}`)
        : lines;
    });
    sections.push([`[${entry}]`, ...lines.sort()].join("\n"));
  }
  const types: string[] = [];
  // The set grows while it is gone through.
  for (const symbol of named) if (!told.has(symbol)) types.push(describeType(symbol));
  sections.push(["[types]", ...new Set(types.sort())].join("\n"));
  // The type of a module tells its path.
  return sections.join("\n\n").replaceAll(`"${ROOT}/`, '"') + "\n";
}

/** An export's lines: one for each signature, and one for each thing of that name. */
function describe(name: string, symbol: ts.Symbol): string[] {
  const lines: string[] = [];
  const { flags } = symbol;
  for (const declaration of symbol.declarations ?? []) gather(declaration);
  if (flags & (Class | Interface)) {
    named.add(symbol);
    const kind = flags & Class ? "class" : "interface";
    const own = symbol.name === name ? "" : ` = ${symbol.name}`;
    lines.push(`${kind} ${name}${own}`);
  }
  if (flags & Function) {
    const signatures = checker.getTypeOfSymbol(symbol).getCallSignatures();
    lines.push(...signatures.map((one) => `function ${name}${signatureText(one)}`));
  }
  if (flags & Variable) {
    lines.push(`const ${name}: ${typeText(checker.getTypeOfSymbol(symbol))}`);
  }
  if (flags & TypeAlias) lines.push(aliasText(name, symbol));
  if (lines.length === 0) lines.push(`other ${name}`);
  return lines;
}

function aliasText(name: string, symbol: ts.Symbol): string {
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const text = typeText(type, ts.NodeBuilderFlags.InTypeAlias);
  return `type ${name}${parametersOf(symbol)} = ${text}`;
}

/** A class, an interface or another type, its members below it. */
function describeType(symbol: ts.Symbol): string {
  if (!(symbol.flags & (Class | Interface))) {
    return describe(symbol.name, symbol).join("\n");
  }
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const isClass = symbol.flags & Class;
  const lines = [
    ...signaturesOf(type),
    ...type.getProperties().flatMap((member) => describeMember(member, "")),
  ];
  if (isClass) {
    const constructor = checker.getTypeOfSymbol(symbol);
    lines.push(...signaturesOf(constructor));
    lines.push(
      ...constructor.getProperties().filter(({ name }) => name !== "prototype")
        .flatMap((member) => describeMember(member, "static ")),
    );
  }
  const head = `${isClass ? "class" : "interface"} ${symbol.name}` +
    parametersOf(symbol) + heritageOf(symbol);
  return [head, ...lines.sort().map((line) => `  ${line}`)].join("\n");
}

/** What a type can be called or made with, and what it can be indexed with. */
function signaturesOf(type: ts.Type): string[] {
  const show = (prefix: string) => (signature: ts.Signature) => {
    const { declaration } = signature;
    if (declaration && !ts.isConstructorDeclaration(declaration)) gather(declaration);
    return prefix + signatureText(signature);
  };
  const constructors = type.getConstructSignatures()
    .filter(({ declaration }) => !isHidden(declaration));
  const indices = checker.getIndexInfosOfType(type).map((info) =>
    `${info.isReadonly ? "readonly " : ""}[${typeText(info.keyType)}]: ` +
    typeText(info.type)
  );
  return [
    ...type.getCallSignatures().map(show("")),
    ...constructors.map(show("new ")),
    ...indices,
  ];
}

/** A member's lines; none for what users cannot reach, or is a library's. */
function describeMember(member: ts.Symbol, before: string): string[] {
  const declarations = (member.declarations ?? []).filter(isOurs);
  if (declarations.length === 0 || declarations.some(isHidden)) return [];
  const name = memberName(member, declarations[0]!);
  if (INTERNAL.test(name) && !DOCUMENTED.has(name)) return [];
  declarations.forEach(gather);
  const flags = declarations
    .map((one) => ts.getCombinedModifierFlags(one))
    .reduce((all, one) => all | one);
  const prefix = (flags & ts.ModifierFlags.Abstract ? "abstract " : "") + before;
  const mark = member.flags & ts.SymbolFlags.Optional ? "?" : "";
  const type = checker.getTypeOfSymbol(member);
  if (member.flags & ts.SymbolFlags.Method) {
    return checker.getNonNullableType(type).getCallSignatures()
      .map((one) => `${prefix}${name}${mark}${signatureText(one)}`);
  }
  const isReadonly = flags & ts.ModifierFlags.Readonly ||
    member.flags & ts.SymbolFlags.Accessor && !declarations.some(ts.isSetAccessor);
  const text = typeText(type);
  return [`${prefix}${isReadonly ? "readonly " : ""}${name}${mark}: ${text}`];
}

/** A member's name as it is written: that of a symbol has a number in the checker's. */
function memberName(member: ts.Symbol, declaration: ts.Declaration): string {
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isComputedPropertyName(name)
    ? name.getText()
    : member.name;
}

/** Remembers every type of ours that a declaration names, its code apart. */
function gather(node: ts.Node): void {
  if (ts.isBlock(node) || ts.isClassLike(node) || ts.isInterfaceDeclaration(node)) {
    return; // a class and an interface are told by their members, each by itself
  }
  const name = ts.isTypeReferenceNode(node)
    ? node.typeName
    : ts.isExpressionWithTypeArguments(node)
    ? node.expression
    : ts.isTypeQueryNode(node)
    ? node.exprName
    : undefined;
  const found = name && checker.getSymbolAtLocation(name);
  if (found !== undefined) remember(targetOf(found));
  const isValue = ts.isExpression(node) && !ts.isExpressionWithTypeArguments(node);
  if (!isValue) ts.forEachChild(node, gather);
}

function remember(symbol: ts.Symbol): void {
  const isParameter = symbol.flags & ts.SymbolFlags.TypeParameter;
  if (isParameter || named.has(symbol) || !symbol.declarations?.some(isOurs)) return;
  named.add(symbol);
  if (symbol.flags & TypeAlias) symbol.declarations.forEach(gather);
}

/** `<T = unknown>`, where a type takes parameters. */
function parametersOf(symbol: ts.Symbol): string {
  for (const declaration of symbol.declarations ?? []) {
    if (
      !ts.isClassLike(declaration) && !ts.isInterfaceDeclaration(declaration) &&
      !ts.isTypeAliasDeclaration(declaration)
    ) continue;
    const parameters = declaration.typeParameters ?? [];
    if (parameters.length > 0) return `<${parameters.map(plainText).join(", ")}>`;
  }
  return "";
}

/** ` extends Error`, ` implements …`. */
function heritageOf(symbol: ts.Symbol): string {
  const clauses = (symbol.declarations ?? []).flatMap((declaration) =>
    ts.isClassLike(declaration) || ts.isInterfaceDeclaration(declaration)
      ? [...declaration.heritageClauses ?? []]
      : []
  );
  return clauses.map((clause) => ` ${plainText(clause)}`).join("");
}

function typeText(type: ts.Type, flags = ts.NodeBuilderFlags.None): string {
  return print(checker.typeToTypeNode(type, undefined, FORMAT | flags)!);
}

function signatureText(signature: ts.Signature): string {
  const kind = ts.SyntaxKind.CallSignature;
  const node = checker.signatureToSignatureDeclaration(
    signature,
    kind,
    undefined,
    FORMAT,
  );
  return print(node!).replace(/;$/, "");
}

/** What the checker has made, with unions in an order that does not depend on files'. */
function print(node: ts.Node): string {
  const { transformed: [sorted] } = ts.transform(node, [(context) => {
    const visit = (node: ts.Node): ts.Node => {
      const visited = ts.visitEachChild(node, visit, context);
      if (!ts.isUnionTypeNode(visited)) return visited;
      return context.factory.createUnionTypeNode(visited.types.toSorted(byText));
    };
    return visit;
  }]);
  return oneLine(printer.printNode(ts.EmitHint.Unspecified, sorted!, anyFile));
}

/** `null` and `undefined` come last. */
function byText(a: ts.Node, b: ts.Node): number {
  const [one, other] = [a, b].map((node) => {
    const text = printer.printNode(ts.EmitHint.Unspecified, node, anyFile);
    return (/^(null|undefined)$/.test(text) ? "1" : "0") + text;
  });
  return one! < other! ? -1 : 1;
}

function plainText(node: ts.Node): string {
  return oneLine(node.getText());
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

function isOurs(declaration: ts.Declaration): boolean {
  const { fileName } = declaration.getSourceFile();
  return fileName.startsWith(`${ROOT}/`) && !fileName.includes("/node_modules/");
}

/** Whether something is private or, as subclasses are ours, protected. */
function isHidden(declaration: ts.Declaration | undefined): boolean {
  if (declaration === undefined) return false;
  const name = ts.getNameOfDeclaration(declaration);
  return name !== undefined && ts.isPrivateIdentifier(name) ||
    Boolean(ts.getCombinedModifierFlags(declaration) & HIDDEN);
}

/** What differs between the stored report and what the sources export; nothing is well. */
export function checkReport(): string[] {
  const stored = readStored().split("\n");
  const made = makeReport().split("\n");
  const gone = withSections(stored), come = withSections(made);
  const lines = [
    ...gone.filter((line) => !come.includes(line)).map((line) => `- ${line}`),
    ...come.filter((line) => !gone.includes(line)).map((line) => `+ ${line}`),
  ];
  if (lines.length === 0 && stored.join() === made.join()) return [];
  const rest = lines.length - MAX_LINES;
  return [
    `scripts/api_report.txt is not what the sources export; if that is meant: ${UPDATE}`,
    ...lines.slice(0, MAX_LINES),
    ...rest > 0 ? [`… and ${rest} lines more`] : [],
  ];
}

/** Every line with what it is part of: a member of which type, a name of which entry. */
function withSections(lines: string[]): string[] {
  let section = "", type = "";
  return lines.map((line) => {
    if (line.startsWith("[")) section = type = line;
    else if (section === "[types]" && !line.startsWith(" ")) {
      type = `${section} ${line}`;
    }
    return line === section || line === "" ? line : `${type}: ${line.trim()}`;
  });
}

function readStored(): string {
  try {
    return Deno.readTextFileSync(REPORT);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

if (import.meta.main) {
  if (Deno.args.includes("--update")) Deno.writeTextFileSync(REPORT, makeReport());
  const problems = checkReport();
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) Deno.exit(1);
}
