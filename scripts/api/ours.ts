/**
 * What our entry points export, as plain data to be compared with CPython's names: the
 * types are asked, so overloads, inherited methods and constants that stand for classes
 * are all understood.
 *
 * @module
 */
import ts from "typescript";
import { checker, exportsOf, program, targetOf, typesOf } from "../api_program.ts";
import { config, ROOT } from "../project.ts";

/** A parameter of one signature. */
export interface Parameter {
  name: string;
  isOptional: boolean;
  isRest: boolean;
  /** The names of the fields, if it can be an object of options. */
  options: string[] | null;
}

/** One signature. */
export interface Call {
  parameters: Parameter[];
  /** Whether it gives a promise; null where the type does not tell. */
  isAwaited: boolean | null;
}

/** What can be called or read. */
export interface Member {
  calls: Call[];
  /** Whether reading it gives a promise; null where the type does not tell. */
  isAwaited: boolean | null;
  /** The defaults that the function itself has, as they are written. */
  defaults: Record<string, string>;
  /** Whether it is written out, and more arguments than it has parameters are no error. */
  takesSurplus: boolean;
}

/** A name that an entry point exports. */
export interface Shape extends Member {
  /** Whether it is there at run time, and not only as a type. */
  isValue: boolean;
  isErrorClass: boolean;
  /** The name of the class of what it makes, and of its bases. */
  classes: string[];
  /** What instances have, and what the class itself has. */
  members: Record<string, Member>;
}

/** Entry points, such as `./queues`, and their names. */
export type OurApi = Record<string, Record<string, Shape>>;

/** A call of `signature`, by which functions describe their parameters. */
export interface Declared {
  label: string;
  /** Names and defaults, as they are written. */
  parameters: [name: string, value: string][];
  keywordOnly: string[];
  isBuiltin: boolean;
  place: string;
}

/** All entry points. */
export function ourApi(): OurApi {
  const entries = Object.entries(config.exports);
  return Object.fromEntries(entries.map(([entry, path]) => {
    const types = typesOf(path);
    const names = [...exportsOf(path)]
      .map(([name, symbol]) => [name, shapeOf(symbol, types.has(name))]);
    return [entry, Object.fromEntries(names)];
  }));
}

function shapeOf(symbol: ts.Symbol, isType: boolean): Shape {
  const isValue = !isType && (symbol.flags & ts.SymbolFlags.Value) !== 0;
  const type = isValue
    ? checker.getTypeOfSymbol(symbol)
    : checker.getDeclaredTypeOfSymbol(symbol);
  const made = [...type.getConstructSignatures(), ...type.getCallSignatures()];
  const instance = isValue ? instanceOf(symbol, type, made) : type;
  return {
    isValue,
    isErrorClass: ["message", "stack"].every((name) => instance?.getProperty(name)),
    classes: instance === undefined ? [] : classesOf(instance),
    members: {
      ...isValue ? membersOf(type) : {},
      ...instance === undefined ? {} : membersOf(instance),
    },
    ...memberOf(symbol, type, made),
  };
}

/** What it makes, also where it gives a promise of it. */
function instanceOf(
  symbol: ts.Symbol,
  type: ts.Type,
  made: ts.Signature[],
): ts.Type | undefined {
  if (made.length === 0) {
    return symbol.flags & ts.SymbolFlags.Class
      ? checker.getDeclaredTypeOfSymbol(symbol)
      : undefined;
  }
  const isMaker = symbol.flags & ts.SymbolFlags.Class ||
    type.getConstructSignatures().length > 0;
  if (!isMaker) return undefined;
  const result = made[0]!.getReturnType();
  return isPromise(result) ? checker.getAwaitedType(result) : result;
}

/** The names of a class and of its bases. */
function classesOf(type: ts.Type): string[] {
  if (type.symbol === undefined) return [];
  const declared = checker.getDeclaredTypeOfSymbol(type.symbol);
  const bases = declared.isClassOrInterface() ? checker.getBaseTypes(declared) : [];
  return [type.symbol.name, ...bases.flatMap(classesOf)];
}

function membersOf(type: ts.Type): Record<string, Member> {
  const members = type.getProperties().map((symbol) => {
    const one = checker.getTypeOfSymbol(symbol);
    const calls = checker.getNonNullableType(one).getCallSignatures();
    return [nameOf(symbol), memberOf(symbol, one, [...calls])];
  });
  return Object.fromEntries(members);
}

/** `[Symbol.dispose]` for what has such a key. */
function nameOf({ name }: ts.Symbol): string {
  return name.replace(/^__@(\w+)@\d+$/, "[Symbol.$1]");
}

function memberOf(
  symbol: ts.Symbol,
  type: ts.Type,
  signatures: ts.Signature[],
): Member {
  return {
    calls: signatures.map(callOf),
    isAwaited: isPromise(type),
    defaults: Object.fromEntries(defaultsOf(symbol)),
    takesSurplus: (symbol.declarations ?? []).some(takesSurplus),
  };
}

/** Looks for the body of a function that neither maps its arguments nor counts them. */
function takesSurplus(declaration: ts.Declaration): boolean {
  if (!ts.isFunctionDeclaration(declaration) && !ts.isMethodDeclaration(declaration)) {
    return false;
  }
  const { body, parameters } = declaration;
  if (body === undefined || parameters.some((one) => one.dotDotDotToken)) return false;
  return !/\btakes\(/.test(body.getText());
}

function callOf(signature: ts.Signature): Call {
  return {
    parameters: signature.getParameters().map(parameterOf),
    isAwaited: isPromise(signature.getReturnType()),
  };
}

function parameterOf(symbol: ts.Symbol): Parameter {
  const declaration = symbol.valueDeclaration;
  const parameter = declaration && ts.isParameter(declaration)
    ? declaration
    : undefined;
  const isRest = parameter?.dotDotDotToken !== undefined;
  return {
    name: symbol.name,
    isRest,
    isOptional: isRest || parameter?.questionToken !== undefined ||
      parameter?.initializer !== undefined,
    options: optionsOf(checker.getTypeOfSymbol(symbol)),
  };
}

/** The fields of an object literal that a parameter takes. */
function optionsOf(type: ts.Type): string[] | null {
  const records = (type.isUnion() ? type.types : [type]).filter((part) => {
    const flags = part.symbol?.flags ?? 0;
    const isRecord = flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeLiteral);
    return (isRecord && part.getCallSignatures().length === 0) || part.isIntersection();
  });
  if (records.length === 0) return null;
  return records.flatMap((part) => part.getProperties().map(({ name }) => name));
}

function isPromise(type: ts.Type): boolean | null {
  if (type.flags & ts.TypeFlags.Any) return null;
  return type.symbol?.name === "Promise";
}

/** Initial values of parameters, where the function is written out. */
function defaultsOf(symbol: ts.Symbol): [string, string][] {
  return (symbol.declarations ?? []).flatMap((declaration) => {
    const inner = ts.isClassDeclaration(declaration)
      ? declaration.members.filter(ts.isConstructorDeclaration)
      : ts.isFunctionLike(declaration)
      ? [declaration]
      : [];
    return inner.flatMap(({ parameters }) =>
      [...parameters].flatMap(({ name, initializer }): [string, string][] =>
        initializer === undefined ? [] : [[name.getText(), initializer.getText()]]
      )
    );
  });
}

/** All calls of `signature` in the sources whose label and parameters are written there. */
export function declaredSignatures(): Declared[] {
  const found: Declared[] = [];
  for (const file of program.getSourceFiles()) {
    if (!file.fileName.startsWith(`${ROOT}/src/`)) continue;
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && node.expression.getText() === "signature") {
        const one = declared(node, file.fileName.slice(ROOT.length + 1));
        if (one !== undefined) found.push(one);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return found;
}

function declared(
  { arguments: given }: ts.CallExpression,
  place: string,
): Declared | undefined {
  const [label, parameters, options] = given;
  if (label === undefined || !ts.isStringLiteral(label)) return undefined;
  const fields = new Map(options === undefined ? [] : fieldsOf(options));
  const list = fields.get("keywordOnly");
  return {
    label: label.text,
    parameters: fieldsOf(parameters!).map(([name, value]) => [name, value.getText()]),
    keywordOnly: list !== undefined && ts.isArrayLiteralExpression(list)
      ? list.elements.filter(ts.isStringLiteral).map(({ text }) => text)
      : [],
    isBuiltin: fields.get("builtin")?.getText() === "true",
    place,
  };
}

/** The fields of an object literal, with those of the constants that it spreads. */
function fieldsOf(expression: ts.Expression): [string, ts.Expression][] {
  const object = writtenOut(expression);
  if (!ts.isObjectLiteralExpression(object)) return [];
  return object.properties.flatMap((one) =>
    ts.isPropertyAssignment(one)
      ? [[one.name.getText(), writtenOut(one.initializer)] as [string, ts.Expression]]
      : ts.isShorthandPropertyAssignment(one)
      ? [
        [
          one.name.getText(),
          writtenOut(one.name, checker.getShorthandAssignmentValueSymbol(one)),
        ] as [string, ts.Expression],
      ]
      : ts.isSpreadAssignment(one)
      ? fieldsOf(one.expression)
      : []
  );
}

/** What a constant stands for. */
function writtenOut(
  expression: ts.Expression,
  symbol = checker.getSymbolAtLocation(expression),
): ts.Expression {
  if (ts.isAsExpression(expression) || ts.isSatisfiesExpression(expression)) {
    return writtenOut(expression.expression);
  }
  if (!ts.isIdentifier(expression) || expression.text === "REQUIRED") return expression;
  const declaration = symbol && targetOf(symbol).valueDeclaration;
  return declaration !== undefined && ts.isVariableDeclaration(declaration) &&
      declaration.initializer !== undefined
    ? writtenOut(declaration.initializer)
    : expression;
}
