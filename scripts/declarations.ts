/**
 * Checks the types that the npm package brings along, as a TypeScript user of Node's
 * module resolution sees them: that each entry point has declarations, and that these
 * stand on their own, without Deno's types or Node's.
 *
 * @module
 */
import ts from "typescript";
import { config } from "./project.ts";

/** The complaints about the package installed in `folder`, a line for each. */
export function checkDeclarations(folder: string): string[] {
  const user = `${folder}/user.ts`;
  const names = Object.keys(config.exports).map((entry) =>
    config.name + entry.slice(1)
  );
  Deno.writeTextFileSync(
    user,
    // One of them is a program, not a module, and exports nothing.
    names.map((name) => `import "${name}";\n`).join(""),
  );
  const program = ts.createProgram({
    rootNames: [user],
    options: {
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      strict: true,
      noEmit: true,
      types: [],
    },
  });
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n");
    if (diagnostic.file === undefined) return text;
    const { file, start = 0 } = diagnostic;
    const { line } = file.getLineAndCharacterOfPosition(start);
    return `${file.fileName.replace(`${folder}/`, "")}:${line + 1}: ${text}`;
  });
}
