/**
 * Bundles: the package inside the program's file, where there is no child entry, or outside,
 * where the work module alone is inside.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import * as esbuild from "esbuild";
import { runtimeName } from "../suite.ts";
import {
  EXTERNAL,
  install,
  mustRun,
  type Project,
  RUN,
  testCure,
  testProgram,
} from "./bundle_support.ts";

const PACKAGE = "@pystd/multiprocessing";

const ofNode = (runtimeName !== "node" || parseInt(process.versions.node) !== 24) &&
  "made and run on Node 24";
const ofBun = runtimeName !== "bun" && "Bun's";

async function byEsbuild(
  project: Project,
  name: string,
  options: esbuild.BuildOptions,
): Promise<string[]> {
  const outfile = project.path(`dist/${name}`);
  await esbuild.build({
    entryPoints: [project.path("main.mjs")],
    outfile,
    bundle: true,
    platform: "node",
    logLevel: "error",
    // CommonJS has no `import.meta`, which is what is tested.
    logOverride: { "empty-import-meta": "silent" },
    ...options,
  });
  return [...RUN, outfile];
}

testProgram("esbuild", async (project) => {
  const format = "esm";
  try {
    return {
      "a module": await byEsbuild(project, "out.mjs", { format }),
      "minified": await byEsbuild(project, "min.mjs", { format, minify: true }),
      "CommonJS": await byEsbuild(project, "out.cjs", { format: "cjs" }),
      [EXTERNAL]: await byEsbuild(project, "external.mjs", {
        format,
        external: [PACKAGE],
      }),
    };
  } finally {
    await esbuild.stop();
  }
}, ofNode);

testProgram("rollup", (project) => {
  install(project, "rollup@4", "@rollup/plugin-node-resolve@16");
  const build = (name: string, ...flags: string[]) => {
    const file = project.path(`dist/${name}`);
    const all = [`--file=${file}`, "--silent", "--inlineDynamicImports", ...flags];
    mustRun(
      ["node_modules/.bin/rollup", "main.mjs", "--plugin=node-resolve", ...all],
      project.folder,
    );
    return [...RUN, file];
  };
  return {
    "a module": build("out.mjs", "--format=es"),
    [EXTERNAL]: build("external.mjs", `--external=${PACKAGE}`),
  };
}, ofNode);

testProgram("vite, for a server", (project) => {
  install(project, "vite@7");
  const build = (name: string, ssr: object) => {
    const outDir = project.path(name);
    writeFileSync(
      project.path("vite.config.mjs"),
      `export default ${
        JSON.stringify({ ssr, logLevel: "error", build: { outDir } })
      };`,
    );
    mustRun(["node_modules/.bin/vite", "build", "--ssr", "main.mjs"], project.folder);
    return [...RUN, join(outDir, "main.js")];
  };
  return {
    "all inside": build("inside", { noExternal: true }),
    [EXTERNAL]: build("outside", { external: [PACKAGE] }),
  };
}, ofNode);

function byBun(project: Project, name: string, ...flags: string[]): string[] {
  const file = project.path(`dist/${name}`);
  const all = [`--outfile=${file}`, ...flags];
  mustRun([process.execPath, "build", "main.mjs", ...all], project.folder);
  return [...RUN, file];
}

testProgram("bun build", (project) => {
  const build = (name: string, ...flags: string[]) => byBun(project, name, ...flags);
  return {
    "for Bun": build("out.js", "--target=bun"),
    "for Node, minified": build(
      "node.js",
      "--target=node",
      "--conditions=module",
      "--minify",
    ),
    [EXTERNAL]: build(
      "external.js",
      "--target=bun",
      `--external=${PACKAGE}`,
    ),
  };
}, ofBun);

/** What holds the part that only Node can run, and not the files beside it. */
const INLINED =
  /[Ee]rror: @pystd\/multiprocessing is in a bundle without its file child\.cjs: .*--conditions=module/;

testCure(
  "esbuild, without the condition `module`",
  async (project) => {
    const options: esbuild.BuildOptions = { format: "esm", conditions: ["custom"] };
    try {
      return { "a module": await byEsbuild(project, "out.mjs", options) };
    } finally {
      await esbuild.stop();
    }
  },
  INLINED,
  ofNode,
);

testCure(
  "bun build for Node, without the condition `module`",
  (project) => {
    return { "a module": byBun(project, "node.js", "--target=node") };
  },
  INLINED,
  ofBun,
);
