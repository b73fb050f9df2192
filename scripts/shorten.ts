/**
 * Shortens the names of what functions have inside and of private members, by terser, as
 * esbuild can only shorten all: names of functions and classes, which errors and stacks
 * show, stay.
 *
 * @module
 */
import { minify } from "terser";
import ts from "typescript";

/** So long is a line at most: Node prints the whole line in which an error was thrown. */
const LINE = 120;

/** The same code with shorter names for parameters and variables of functions. */
export async function shorten(code: string): Promise<string> {
  const { code: short } = await minify(nameClasses(code), {
    ecma: 2020,
    // Names at the top level are those of classes and functions too.
    module: false,
    toplevel: false,
    compress: false,
    mangle: { keep_classnames: true, keep_fnames: true },
    format: { ascii_only: true, max_line_len: LINE },
  });
  return short!;
}

/**
 * Gives classes the names of their variables. What uses its own name inside is
 * `OSError = class _OSError` after esbuild, and `_OSError` would be shown.
 */
function nameClasses(code: string): string {
  const source = ts.createSourceFile("code.js", code, ts.ScriptTarget.ES2022, true);
  const places: number[] = [];
  const visit = (node: ts.Node, names: ReadonlySet<string>): void => {
    if (ts.isIdentifier(node) && names.has(node.text) && !isKey(node)) {
      places.push(node.getStart(source));
    }
    const own = ts.isClassExpression(node) ? node.name?.text : undefined;
    const inside = own !== undefined && own === `_${variableOf(node.parent)}`
      ? new Set([...names, own])
      : names;
    ts.forEachChild(node, (child) => visit(child, inside));
  };
  visit(source, new Set());
  let named = "";
  let at = 0;
  for (const place of places) {
    named += code.slice(at, place);
    at = place + 1; // without the line before the name
  }
  return named + code.slice(at);
}

/** The variable that a declaration or an assignment gives a value to. */
function variableOf(node: ts.Node): string | undefined {
  if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name)) {
    return node.name.text;
  }
  const isAssignment = ts.isBinaryExpression(node) && ts.isIdentifier(node.left) &&
    node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
  return isAssignment ? (node.left as ts.Identifier).text : undefined;
}

/** Whether it names a property or a method, not a variable. */
function isKey(node: ts.Identifier): boolean {
  const { parent } = node;
  return !ts.isClassExpression(parent) && "name" in parent && parent.name === node;
}
