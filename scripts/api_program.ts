/**
 * The entry points of `deno.json` as TypeScript's checker sees them.
 *
 * @module
 */
import ts from "typescript";
import { config, ROOT } from "./project.ts";

/** All entry points, and what they import. */
export const program: ts.Program = ts.createProgram({
  rootNames: Object.values(config.exports).map((path) => `${ROOT}/${path.slice(2)}`),
  options: {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    allowImportingTsExtensions: true,
    noEmit: true,
    strict: true,
    types: [],
  },
});

/** What knows their types. */
export const checker: ts.TypeChecker = program.getTypeChecker();

/** What the entry point at a path, such as `./src/pool.ts`, exports, by name. */
export function exportsOf(path: string): Map<string, ts.Symbol> {
  const file = program.getSourceFile(`${ROOT}/${path.slice(2)}`);
  const module = file && checker.getSymbolAtLocation(file);
  const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
  return new Map(symbols.map((symbol) => [symbol.name, targetOf(symbol)]));
}

/** Those of its names that are there as types only: `export type { … }`. */
export function typesOf(path: string): Set<string> {
  const file = program.getSourceFile(`${ROOT}/${path.slice(2)}`);
  const module = file && checker.getSymbolAtLocation(file);
  const symbols = module === undefined ? [] : checker.getExportsOfModule(module);
  return new Set(symbols.filter(isTypeOnly).map(({ name }) => name));
}

/** Whether a name is handed on as a type somewhere on its way. */
function isTypeOnly(symbol: ts.Symbol): boolean {
  const specifier = symbol.declarations?.find(ts.isExportSpecifier);
  if (specifier === undefined) return false;
  if (ts.isTypeOnlyExportDeclaration(specifier)) return true;
  const target = checker.getExportSpecifierLocalTargetSymbol(specifier);
  return target !== undefined && isTypeOnly(target);
}

/** What a name stands for, if it is another's. */
export function targetOf(symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias
    ? checker.getAliasedSymbol(symbol)
    : symbol;
}
