/**
 * The modules of the bundle, written so that where need be they can be run as scripts: the
 * first line has all that only a module can have, then comes the code, and the last line
 * has the exports. Node keeps the main ones compiled (bundle_node.ts); `require()` cannot
 * load modules everywhere (bundle_require.ts).
 *
 * @module
 */
import ts from "typescript";
import { NAMES } from "./module_script.ts";

/** A module's parts. */
export interface Parts {
  /** The import declarations. */
  imports: string[];
  /** The code between, without what a script has not. */
  body: string;
  /** The exports' names in the code, by name. */
  names: Map<string, string>;
  /** The paths of what it loads late, in the order of `__late`. */
  late: string[];
}

/** The text of the module that has these parts. */
export function asModule({ imports, body, names, late }: Parts): string {
  const exported = [...names].map(([name, local]) =>
    name === local ? name : `${local} as ${name}`
  );
  const loads = late.map((path) => `()=>import(${JSON.stringify(path)})`);
  const given = {
    [NAMES.url]: "import.meta.url",
    [NAMES.load]: "url=>import(url)",
    [NAMES.late]: `[${loads}]`,
  };
  const used = Object.entries(given).filter(([name]) => body.includes(name))
    .map(([name, value]) => `${name}=${value}`);
  const first = imports.join("") + (used.length > 0 ? `const ${used};` : "");
  return `${first}\n${body.trim()}\nexport{${exported}};\n`;
}

/** Takes a module apart. */
export function takeApart(code: string): Parts {
  const source = ts.createSourceFile("module.js", code, ts.ScriptTarget.ES2022);
  const names = new Map<string, string>();
  const late: string[] = [];
  const imports: string[] = [];
  let body = "";
  let at = 0;
  const replace = (node: ts.Node, text: string) => {
    body += code.slice(at, node.getStart(source)) + text;
    at = node.end;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isExportDeclaration(node) && ts.isNamedExports(node.exportClause!)) {
      for (const { name, propertyName = name } of node.exportClause.elements) {
        names.set(name.text, propertyName.text);
      }
      replace(node, "");
    } else if (ts.isImportDeclaration(node)) {
      imports.push(importText(node, source));
      replace(node, "");
    } else if (isImport(node) && ts.isStringLiteral(node.arguments[0]!)) {
      const { text } = node.arguments[0];
      if (!late.includes(text)) late.push(text);
      replace(node, `${NAMES.late}[${late.indexOf(text)}]()`);
    } else if (node.kind === ts.SyntaxKind.ImportKeyword) {
      replace(node, NAMES.load);
    } else if (
      ts.isPropertyAccessExpression(node) && ts.isMetaProperty(node.expression) &&
      node.expression.keywordToken === ts.SyntaxKind.ImportKeyword
    ) {
      replace(node, NAMES.url); // `import.meta.url`: the sources look at nothing else there
    } else ts.forEachChild(node, visit);
  };
  visit(source);
  return { imports, body: body + code.slice(at), names, late };
}

function isImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) &&
    node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

/** An import declaration with its names in braces, as a script can have them by a pattern. */
function importText(node: ts.ImportDeclaration, source: ts.SourceFile): string {
  const from = node.moduleSpecifier.getText(source);
  const clause = node.importClause;
  if (clause === undefined) return `import${from};`;
  const { namedBindings } = clause;
  const names: string[] = [];
  if (clause.name !== undefined) names.push(`default as ${clause.name.text}`);
  if (namedBindings !== undefined && ts.isNamespaceImport(namedBindings)) {
    throw new Error(`a namespace cannot be imported here: ${node.getText(source)}`);
  }
  for (const { name, propertyName } of namedBindings?.elements ?? []) {
    names.push(propertyName ? `${propertyName.text} as ${name.text}` : name.text);
  }
  return `import{${names}}from${from};`;
}
