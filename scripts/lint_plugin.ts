/**
 * The project's rules for single files beyond the linter's own, for `deno lint` and for
 * editors. Rules for several files are in `scripts/check_layout.ts`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Lines that a file may have at most. */
const MAX_LINES = 500;
const MAX_LINES_OF_MOD = 80;

/** Entries whose header names the module of CPython's that they stand for. */
const TWINS =
  /^src\/(connection|context|managers|pool|process|queues|reduction|synchronize)\.ts$/;

/** Files of `src/` that load modules at run time: for arriving objects, or look-ups. */
const LOADERS =
  /^src\/(startup\/(child_mode|child_program|deferred)|inspect\/view|managers\/run_server|runtime\/evaluation(_context)?|runtime\/optional_package|link\/(claim_files|words)|pool\/runner|runtime\/channels|runtime\/modules\/\w+)\.ts$/;

const SOURCES = /^src\//;
const ARROW =
  "VariableDeclaration[kind=const] > VariableDeclarator > ArrowFunctionExpression";

/** Forbidden syntax, as selectors; in all of `src/` without other files. */
interface Ban {
  message: string;
  selectors: string[];
  files?: RegExp;
  except?: RegExp;
}

const BANS: Record<string, Ban> = {
  "runtime-global": {
    message: "only src/runtime/ may name globals of one runtime",
    selectors: [
      "Identifier[name=/^(Deno|Bun|require|__dirname|__filename)$/]",
      "MemberExpression[object.name=globalThis][property.name=/^(process|Buffer)$/]",
    ],
    except: /^src\/runtime\//,
  },
  "dynamic-import": {
    message: "only the LOADERS of scripts/lint_plugin.ts load modules while they run",
    selectors: ["ImportExpression"],
    except: LOADERS,
  },
  "realm": {
    message: "a value may be of another realm: ask src/runtime/brands.ts",
    selectors: [
      "BinaryExpression[operator=instanceof][right.name=/^(AbortSignal|ArrayBuffer|Date|Error|Map|RegExp|Set|SharedArrayBuffer|Uint8Array|URL)$/]",
    ],
    except: /^src\/runtime\/brands\.ts$/,
  },
  "compared-cast": {
    message: "dnt takes the sign for that of type arguments: name the value before",
    selectors: ["BinaryExpression[operator=/^[<>]/] > TSAsExpression.left"],
  },
  "exported-variable": {
    message:
      "a script's exports are what they were at first: export a const with a field",
    selectors: ["ExportNamedDeclaration > VariableDeclaration[kind=let]"],
  },
  "error-class": {
    message: "error classes are defined in src/python/errors/",
    selectors: [
      ":matches(ClassDeclaration, ClassExpression)[superClass.name=/(Error|Exception)$/]",
    ],
    except: /^src\/python\/errors\//,
  },
  "plain-error": {
    message: "throw one of the error classes, not a plain Error",
    selectors: ["ThrowStatement > NewExpression[callee.name=Error]"],
  },
  "using": {
    message: "Node 20 cannot read `using`",
    selectors: ["VariableDeclaration[kind=/using/]"],
  },
  "younger-than-node-20": {
    message: "Node 20 does not have this function",
    selectors: [
      "MemberExpression[object.name=Promise][property.name=/^(withResolvers|try)$/]",
      "MemberExpression[object.name=Array][property.name=fromAsync]",
      "MemberExpression[object.name=/^(Map|Object)$/][property.name=groupBy]",
    ],
    files: /^(src|examples|tests\/(?!redis\/|tools\/))/,
  },
  "default-export": {
    message: "export names, not a default",
    selectors: ["ExportDefaultDeclaration"],
  },
  "private": {
    message: "use a #private name",
    selectors: [
      ":matches(PropertyDefinition, MethodDefinition)[accessibility=private]",
    ],
  },
  "top-level-arrow": {
    message: "write a top-level function with `function`",
    selectors: [`Program > ${ARROW}`, `Program > ExportNamedDeclaration > ${ARROW}`],
  },
  "timer-in-test": {
    message: "wait for the thing itself, not for a time",
    selectors: ["CallExpression[callee.name=/^(setTimeout|setInterval|delay|sleep)$/]"],
    files: /^tests\/.*_test\.ts$/,
  },
};

/** The path of the file that is looked at, from the root. */
function pathOf({ filename }: Deno.lint.RuleContext): string {
  const path = filename.startsWith("file:") ? fileURLToPath(filename) : filename;
  return path.slice(path.startsWith(ROOT) ? ROOT.length : 0).replaceAll("\\", "/");
}

function ban({ message, selectors, files = SOURCES, except }: Ban): Deno.lint.Rule {
  return {
    create(context) {
      const path = pathOf(context);
      if (!files.test(path) || except?.test(path)) return {};
      const report = (node: Deno.lint.Node) => context.report({ node, message });
      return Object.fromEntries(selectors.map((selector) => [selector, report]));
    },
  };
}

/** The faults of a whole file. */
function* faultsOf(path: string, text: string, program: Deno.lint.Program) {
  const lines = text.split("\n").length - 1;
  if (path === "mod.ts") {
    if (lines > MAX_LINES_OF_MOD) yield `${lines} lines: at most ${MAX_LINES_OF_MOD}`;
    const isListed = (node: Deno.lint.Program["body"][number]) =>
      node.type === "ExportAllDeclaration" ||
      node.type === "ExportNamedDeclaration" && node.source !== null;
    if (!program.body.every(isListed)) yield "mod.ts only re-exports";
  }
  const word = /\b(TODO|FIXME)\b/.exec(text)?.[0];
  if (word !== undefined && /^(src|tests|examples)\//.test(path)) yield word;
  if (!SOURCES.test(path)) return;
  if (lines > MAX_LINES) yield `${lines} lines: at most ${MAX_LINES}`;
  const header = /^\/\*\*[\s\S]*?\*\//.exec(text)?.[0] ?? "";
  if (!header.includes("@module")) yield "no header comment with @module";
  const twin = TWINS.exec(path)?.[1];
  if (twin !== undefined && !header.includes(`multiprocessing/${twin}`)) {
    yield `the header does not name multiprocessing/${twin}.py`;
  }
}

/** `process.exit()` where no variable is named `process`, and so with `Buffer`. */
const nodeGlobal: Deno.lint.Rule = {
  create(context) {
    const path = pathOf(context);
    if (!SOURCES.test(path) || path.startsWith("src/runtime/")) return {};
    const declared = new Set<string>();
    const used: Deno.lint.Identifier[] = [];
    return {
      "Identifier[name=/^(process|Buffer)$/]"(node: Deno.lint.Identifier) {
        const parent = node.parent as unknown as Parent;
        const { id, local, left, value, params = [] } = parent;
        if (parent.object === node) used.push(node);
        else if ([id, local, left, value, ...params].includes(node)) {
          declared.add(node.name);
        }
      },
      "Program:exit"() {
        const { message } = BANS["runtime-global"]!;
        for (const node of used) {
          if (!declared.has(node.name)) context.report({ node, message });
        }
      },
    };
  },
};

/** A node's places in its parent: a declared name, or the object of a member. */
type Parent =
  & Partial<Record<"id" | "local" | "left" | "value" | "object", Deno.lint.Node>>
  & { params?: Deno.lint.Node[] };

const wholeFile: Deno.lint.Rule = {
  create: (context) => ({
    Program(program) {
      const faults = faultsOf(pathOf(context), context.sourceCode.text, program);
      for (const message of faults) context.report({ node: program, message });
    },
  }),
};

const plugin: Deno.lint.Plugin = {
  name: "house",
  rules: {
    "whole-file": wholeFile,
    "node-global": nodeGlobal,
    ...Object.fromEntries(Object.entries(BANS).map(([name, one]) => [name, ban(one)])),
  },
};
export default plugin;
