/**
 * Gathers the many small modules of a package into few files, as starting a process costs
 * about a tenth of a millisecond for each module that it loads.
 *
 * ```text
 * src/bundle/child.js     the child entry
 *            eager.js     every name of what `mod.js` and the child entry load
 *            lazy.js      every name of the rest
 *            chunk-*.js   the code
 * mod.js, src/**.js       doors: each gives the names that it always gave
 * ```
 *
 * So there is one copy of everything, whichever file it is imported from. The bundle lies
 * one folder below `src/`, as the files do whose own address tells where the package is.
 *
 * @module
 */
import * as esbuild from "esbuild";

/** Where the bundle lies in the package. */
const BUNDLE = "src/bundle";

/** What every process runs or imports; all that these load is loaded at once. */
const ROOTS = ["mod.js", "src/child.js"];

/** A file of the package that gives names, and under which ones the bundle has them. */
interface Door {
  path: string;
  names: string[];
  /** What stands before each of its names in the bundle: two files may have the same. */
  prefix: string;
}

/** How many bundles are being made: one service is there for all. */
let underWay = 0;

/** Bundles the package in `folder`, which holds JavaScript already. */
export async function bundle(folder: string): Promise<void> {
  underWay++;
  try {
    const paths = modules(folder);
    const { doors, eager } = await look(folder, paths);
    const inner = `${folder}/${BUNDLE}`;
    Deno.mkdirSync(inner);
    const parts = {
      eager: doors.filter(({ path }) => eager.has(path)),
      lazy: doors.filter(({ path }) => !eager.has(path)),
    };
    for (const [name, part] of Object.entries(parts)) {
      Deno.writeTextFileSync(`${inner}/${name}.js`, gather(part));
    }
    Deno.writeTextFileSync(`${inner}/child.js`, 'import "../child.js";\n');
    const { outputFiles } = await build(folder, {
      entryPoints: ["child", ...Object.keys(parts)].map((name) =>
        `${BUNDLE}/${name}.js`
      ),
      outdir: inner,
    });
    for (const { path, text } of outputFiles!) Deno.writeTextFileSync(path, text);
    for (const [name, part] of Object.entries(parts)) {
      for (const door of part) writeDoor(folder, door, name);
    }
    Deno.writeTextFileSync(`${folder}/src/child.js`, 'import "./bundle/child.js";\n');
  } finally {
    if (--underWay === 0) await esbuild.stop();
  }
}

/** What every build has in common. */
function build(folder: string, options: esbuild.BuildOptions) {
  return esbuild.build({
    absWorkingDir: folder,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "neutral",
    target: "es2022",
    packages: "external",
    chunkNames: "chunk-[hash]",
    metafile: true,
    write: false,
    logLevel: "error",
    ...options,
  });
}

/** Finds what each module exports, and which modules the roots load at once. */
async function look(
  folder: string,
  paths: string[],
): Promise<{ doors: Door[]; eager: Set<string> }> {
  const { metafile } = await build(folder, { entryPoints: paths, outdir: "/nowhere" });
  const doors: Door[] = [];
  for (const { entryPoint, exports } of Object.values(metafile!.outputs)) {
    if (entryPoint === undefined || entryPoint === "src/child.js") continue;
    doors.push({ path: entryPoint, names: exports, prefix: `_${doors.length}_` });
  }
  const eager = new Set<string>();
  const visit = (path: string) => {
    if (eager.has(path)) return;
    eager.add(path);
    for (const { path: next, kind, external } of metafile!.inputs[path]!.imports) {
      if (!external && kind === "import-statement") visit(next);
    }
  };
  ROOTS.forEach(visit);
  return { doors, eager };
}

/** The source of an entry that has every name of some modules. */
function gather(doors: Door[]): string {
  return doors.map(({ path, names, prefix }) =>
    `import "../../${path}";\n${reexport(names, `../../${path}`, "", prefix)}`
  ).join("");
}

/** What takes the module's place. */
function writeDoor(folder: string, { path, names, prefix }: Door, part: string): void {
  const up = "../".repeat(path.split("/").length - 1) || "./";
  const source = `${up}${BUNDLE}/${part}.js`;
  const text = reexport(names, source, prefix, "") || `import "${source}";\n`;
  Deno.writeTextFileSync(`${folder}/${path}`, text);
}

function reexport(names: string[], source: string, before: string, after: string) {
  if (names.length === 0) return "";
  const list = names.map((name) => `${before}${name} as ${after}${name}`);
  return `export { ${list.join(", ")} } from "${source}";\n`;
}

/** The JavaScript files of the package, relative to its folder. */
function modules(folder: string, path = ""): string[] {
  const found: string[] = [];
  for (const { name, isDirectory } of Deno.readDirSync(`${folder}/${path}`)) {
    if (isDirectory) found.push(...modules(folder, `${path}${name}/`));
    else if (name.endsWith(".js")) found.push(path + name);
  }
  return found.sort();
}
