/**
 * Modules in which every form of declaration makes one function or class, and programs that
 * send all of these to a child: the cases of tests/functions/names_test.ts, as text.
 *
 * @module
 */
import { mkdirSync, writeFileSync } from "node:fs";

/** How a form is used by the child: called, read to its end, or made with `new`. */
export type Use = "call" | "generate" | "construct";

/** One form: its text, and the expression that gives the function in the module. */
interface Form {
  source: string;
  use?: Use;
  /** The name of the export; that of the form if not given. */
  export?: string;
  /** Only TypeScript has it; `erasable` if its words can be replaced by spaces. */
  typed?: "erasable" | "emitting";
}

/** The forms, each with a function that answers the form's name. */
export const FORMS: Record<string, Form> = {
  declared: { source: `export function declared(x) { return "declared " + x; }` },
  asynchronous: {
    source: `export async function asynchronous(x) {
  await null;
  return "asynchronous " + x;
}`,
  },
  generator: {
    source: `export function* generator(x) { yield "generator"; yield " " + x; }`,
    use: "generate",
  },
  arrow: { source: `export const arrow = (x) => "arrow " + x;` },
  expression: {
    source: `export const expression = function (x) { return "expression " + x; };`,
  },
  Class: {
    source: `export class Class {
  constructor(x) { this.said = "Class " + x; }
}`,
    use: "construct",
  },
  ClassExpression: {
    source: `export const ClassExpression = class {
  said;
  constructor(x) { this.said = "ClassExpression " + x; }
};`,
    use: "construct",
  },
  wrapped: {
    source: `const logged = (f) => function logged(...args) { return f(...args); };
export const wrapped = logged((x) => "wrapped " + x);`,
  },
  wrappedAgain: {
    source: `export const wrappedAgain = logged((x) => "wrappedAgain " + x);`,
  },
  destructured: {
    source: `const make = () => ({ destructured(x) { return "destructured " + x; } });
export const { destructured } = make();`,
  },
  renamedPart: {
    source: `export const { part: renamedPart } = { part: (x) => "renamedPart " + x };`,
  },
  item: { source: `export const [, item] = [1, (x) => "item " + x];` },
  aliased: {
    source: `function local(x) { return "aliased " + x; }
export { local as aliased };`,
  },
  conditional: {
    source: `export let conditional;
if (conditional === undefined) conditional = (x) => "conditional " + x;`,
  },
  inlined: {
    source: `export function inlined(x) {
  return process.env.NODE_ENV === "a name" ? x : "inlined " + x;
}`,
  },
  importing: {
    source: `export async function importing(x) {
  const { posix } = await import("node:path");
  return posix.join("importing", "..", "importing") + " " + x;
}`,
  },
  decoy: {
    source: `const decoys = [1].map(() => function decoy(x) { return "another " + x; });
export function decoy(x) { return decoys.length > 1 ? x : "decoy " + x; }`,
  },
  byDefault: {
    source: `export default function (x) { return "byDefault " + x; }`,
    export: "default",
  },
  reexported: {
    source: `export { reexported } from "./forms_inner.EXT";`,
  },
  renamedReexport: {
    source: `export { other as renamedReexport } from "./forms_inner.EXT";`,
  },
  starred: { source: `export * from "./forms_star.EXT";` },
  namespaced: {
    source: `export * as inner from "./forms_inner.EXT";`,
    export: "inner.namespaced",
  },
  typed: {
    source: `export function typed<T extends { a?: string }>(
  x: T & number,
  ...rest: string[]
): string {
  return (\`typed \${x as unknown as string}\` satisfies string) + rest.join("");
}`,
    typed: "erasable",
  },
  typedArrow: {
    source: `export const typedArrow: (x: number) => string = (x: number): string =>
  "typedArrow " + x!;`,
    typed: "erasable",
  },
  TypedClass: {
    source: `export class TypedClass<T> {
  readonly said: string;
  declare private never?: T;
  constructor(x: number) {
    this.said = "TypedClass " + x;
  }
}`,
    use: "construct",
    typed: "erasable",
  },
  enumerated: {
    source: `export enum Color { Red, Green = "enumerated" }
export const enumerated = (x: number): string => Color.Green + " " + x;`,
    typed: "emitting",
  },
};

const INNER = `export function reexported(x) { return "reexported " + x; }
export const other = (x) => "renamedReexport " + x;
export function namespaced(x) { return "namespaced " + x; }
`;
const STAR = `export function starred(x) { return "starred " + x; }\n`;

/** What a project is made of. */
export interface Project {
  /** The extension of its modules; TypeScript where that is `ts`. */
  extension: "ts" | "js" | "mjs";
  /** The forms that are left out. */
  without?: readonly string[];
  /** Whether the modules name their functions by `exported`. */
  names: boolean;
  /** The specifier of this package. */
  self: string;
  /** Where the forms stand: in the main module, in one beside it, or in a package. */
  place: "main" | "work" | "package";
  /** The specifier by which the main module imports that package. */
  package: string;
}

/** The names of the forms of a project. */
export function formsOf({ extension, without = [], place }: Project): string[] {
  return Object.keys(FORMS).filter((name) => {
    const isTyped = FORMS[name]!.typed !== undefined;
    return !without.includes(name) &&
      (!isTyped || extension === "ts" && place !== "package");
  });
}

/** Writes a project into an empty folder; its main module is `main.EXT`. */
export function writeProject(folder: string, project: Project): void {
  const { extension, place } = project;
  const main = `${folder}/main.${extension}`;
  if (place === "main") {
    writeModules(folder, extension);
    writeFileSync(
      main,
      importsOf(project) + sourceOf(project, extension) +
        programOf(project, (name) => localOf(name)),
    );
    return;
  }
  const home = place === "work" ? folder : `${folder}/node_modules/forms-package`;
  const kind = place === "work" ? extension : "js";
  mkdirSync(home, { recursive: true });
  writeModules(home, kind);
  writeFileSync(`${home}/forms.${kind}`, importsOf(project) + sourceOf(project, kind));
  if (place === "package") {
    writeFileSync(
      `${home}/package.json`,
      JSON.stringify({
        name: "forms-package",
        version: "1.0.0",
        type: "module",
        exports: { import: "./forms.js" },
      }),
    );
  }
  const from = place === "work" ? `./forms.${extension}` : project.package;
  writeFileSync(
    main,
    importsOf({ ...project, names: false }) +
      `import * as forms from ${JSON.stringify(from)};\n` +
      programOf(project, (name) => `forms.${FORMS[name]!.export ?? name}`),
  );
}

function writeModules(folder: string, extension: string): void {
  writeFileSync(`${folder}/forms_inner.${extension}`, INNER);
  writeFileSync(`${folder}/forms_star.${extension}`, STAR);
}

function importsOf({ self, names }: Project): string {
  const line = `import { bound, is_main, Pool } from ${JSON.stringify(self)};\n`;
  return "// @ts-nocheck: forms without types are among these\n" +
    `import process from "node:process";\n` +
    (names ? line.replace("{ ", "{ exported, ") : line);
}

function sourceOf(project: Project, extension: string): string {
  const forms = formsOf(project);
  let text = forms.map((name) => FORMS[name]!.source).join("\n\n") + "\n";
  if (project.names) {
    text += `import * as self from "./forms_inner.EXT";
import { starred } from "./forms_star.EXT";
exported(import.meta, { ${
      forms.map((name) => `${name}: ${localOf(name, "self")}`).join(", ")
    } });\n`;
  }
  if (project.names || project.place === "main") {
    text = text.replace(
      "export default function (",
      "export default function unnamed(",
    );
  }
  return text.replaceAll("EXT", extension);
}

/** The expression that gives a form's function in the module itself. */
function localOf(name: string, inner = "inner"): string {
  switch (name) {
    case "byDefault":
      return "unnamed";
    case "aliased":
      return "local";
    case "renamedReexport":
      return `${inner}.other`;
    case "reexported":
    case "namespaced":
      return `${inner}.${name}`;
    default:
      return name;
  }
}

/** The program: sends each, and prints what the child's copy answers. */
function programOf(project: Project, expression: (name: string) => string): string {
  const { place, extension } = project;
  const own = place !== "main"
    ? ""
    : `import * as inner from "./forms_inner.${extension}";\n` +
      (project.names ? "" : `import { starred } from "./forms_star.${extension}";\n`);
  const lines = formsOf(project).map((name) =>
    `  await tell(${JSON.stringify(name)}, ${
      JSON.stringify(FORMS[name]!.use ?? "call")
    }, ` +
    `() => ${expression(name)});\n`
  );
  return `${own}
export async function use(f, use, x) {
  if (use === "construct") return new f(x).said;
  return use === "generate" ? [...f(x)].join("") : await f(x);
}

async function main() {
  const pool = Pool(1);
  const tell = async (name, how, get) => {
    const said = await pool.apply(use, [get(), how, 5]).catch(String);
    console.log(name + ": " + said);
  };
${lines.join("")}
  if (process.argv.includes("decoy")) {
    await tell("inner function", "call", () => decoys[0]);
  }
  await pool.terminate();
}

if (is_main(import.meta)) {
  if (process.argv.includes("top")) await main();
  else void main();
}
`;
}
