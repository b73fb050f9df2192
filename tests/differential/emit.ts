/**
 * Emits programs in Python and in TypeScript: a module of each with all of them, the main
 * module of its run.
 *
 * @module
 */
import type { Code } from "./code.ts";
import {
  type Body,
  FUNCTION,
  PARAMETERS,
  type Program,
  type Step,
  usedBy,
  variablesIn,
} from "./program.ts";

/** Both modules, and the code of each step by its key. */
export interface Emitted {
  py: string;
  ts: string;
  codes: Map<string, Code>;
}

/** The URL of a file, as seen from here. */
function at(path: string): string {
  return new URL(path, import.meta.url).href;
}

/** Entries of the package, by the names of CPython's modules. */
const ENTRIES = [
  ...["connection", "context", "dummy", "managers", "pool", "process", "queues"],
  ...["shared_memory", "sharedctypes", "util"],
];

/** Modules that programs may name: in Python, and the file here. */
const MODULES: Record<string, string> = {
  mp: at("../../mod.ts"),
  ...Object.fromEntries(ENTRIES.map((name) => [name, at(`../../src/${name}.ts`)])),
  classes: at("./classes.ts"),
  work: at("./work.ts"),
};
const PRELUDE = at("./prelude.ts");

/** What is put together while the steps are visited. */
interface Output {
  py: string[];
  ts: string[];
  codes: Map<string, Code>;
}

/** Emits programs, the `n`th with keys that begin with `n`. */
export function emit(programs: readonly Program[]): Emitted {
  const out: Output = { py: [], ts: [], codes: new Map() };
  programs.forEach(({ steps }, i) => {
    writeFunction(out, `program_${i}`, String(i), { parameters: [], steps });
  });
  const names = programs.map((_, i) => `program_${i}`).join(", ");
  const body = out.ts.join("\n");
  const used = Object.keys(MODULES).filter((name) =>
    name === "mp" || new RegExp(`\\b${name}\\.`).test(body)
  );
  return {
    py: [
      "import multiprocessing as mp",
      "from prelude import L, S, caught, raised, run_all, settled, use",
      ...used.filter((name) => name !== "mp").map((name) =>
        ["classes", "work"].includes(name)
          ? `import ${name}`
          : `from multiprocessing import ${name}`
      ),
      "",
      ...out.py,
      `def main():`,
      `    mp.set_start_method("spawn")`,
      `    run_all([${names}])`,
      "",
    ].join("\n"),
    ts: [
      `import { caught, L, listed, raised, run_all, S, use } from "${PRELUDE}";`,
      ...used.map((name) => `import * as ${name} from "${MODULES[name]}";`),
      "",
      body,
      `if (mp.is_main(import.meta)) {`,
      `  mp.set_start_method("spawn");`,
      `  await run_all([${names}]);`,
      "}",
      "",
    ].join("\n"),
    codes: out.codes,
  };
}

/** Writes a function; steps whose variables nothing has made are left out. */
function writeFunction(out: Output, name: string, path: string, body: Body): void {
  const known = new Set(body.parameters);
  const py: string[] = [];
  const ts: string[] = [];
  body.steps.forEach((step, i) => {
    const uses = usedBy(step);
    if (!uses.every((one) => known.has(one))) return;
    const key = `${path}.${i}`;
    out.codes.set(key, step.code);
    const inner = `f_${key.replaceAll(".", "_")}`;
    if (step.body !== undefined) writeFunction(out, inner, key, step.body);
    py.push(`    ${line(step, inner, key, uses, "py")}`);
    ts.push(`  ${line(step, inner, key, uses, "ts")}`);
    if (step.makes !== undefined) known.add(step.makes);
  });
  const gives = body.gives !== undefined &&
      variablesIn(body.gives).every((one) => known.has(one))
    ? body.gives
    : undefined;
  if (gives !== undefined) {
    py.push(`    return ${gives.py}`);
    ts.push(`  return ${gives.ts};`);
  }
  const parameters = body.parameters.join(", ");
  out.py.push(`def ${name}(${parameters}):`, ...py, "    pass", "");
  out.ts.push(`export async function ${name}(${parameters}) {`, ...ts, "}", "");
}

/** The variables that a function is given. */
function given(names: string[], language: "py" | "ts"): string {
  const list = names.join(", ");
  if (language === "ts") return `[${list}]`;
  return names.length === 1 ? `(${list},)` : `(${list})`;
}

/** One step in one language. */
function line(
  { code, makes, body }: Step,
  inner: string,
  key: string,
  uses: string[],
  language: "py" | "ts",
): string {
  const text = code[language]
    .replaceAll(FUNCTION, inner)
    .replaceAll(PARAMETERS, given(body?.parameters ?? [], language));
  const rest = uses.map((one) => `, ${one}`).join("");
  if (language === "py") {
    const call = `${makes === undefined ? "S" : "L"}("${key}", lambda: ${text}${rest})`;
    return makes === undefined ? call : `${makes} = ${call}`;
  }
  const call = `${makes === undefined ? "S" : "L"}("${key}", () => ${text}${rest})`;
  return makes === undefined ? `await ${call};` : `const ${makes} = await ${call};`;
}
