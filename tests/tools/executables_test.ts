/** Executables, which run nothing but their own program, whatever they are told to run. */
import { writeFileSync } from "node:fs";
import process from "node:process";
import * as esbuild from "esbuild";
import { runtimeName } from "../suite.ts";
import { EXTERNAL, mustRun, type Project, RUN, testProgram } from "./bundle_support.ts";

const [major] = process.versions.node.split(".").map(Number) as [number];
const ofNode = (version: number) =>
  (runtimeName !== "node" || major !== version) && `made and run on Node ${version}`;

async function bundled(
  project: Project,
  name: string,
  options: esbuild.BuildOptions = {},
): Promise<string> {
  const outfile = project.path(`dist/${name}`);
  await esbuild.build({
    entryPoints: [project.path("main.mjs")],
    outfile,
    bundle: true,
    format: name.endsWith(".cjs") ? "cjs" : "esm",
    platform: "node",
    logLevel: "error",
    // CommonJS has no `import.meta`, which is what is tested.
    logOverride: { "empty-import-meta": "silent" },
    ...options,
  });
  await esbuild.stop();
  return outfile;
}

/** A shell script in an executable's place. */
function script(project: Project, name: string, lines: string): string[] {
  const file = project.path(name);
  writeFileSync(file, `#!/bin/sh\n${lines}\n`, { mode: 0o755 });
  return [file];
}

testProgram("bun build --compile", (project) => {
  const build = (name: string, ...flags: string[]) => {
    const file = project.path(name);
    const all = ["--compile", `--outfile=${file}`, ...flags];
    mustRun([process.execPath, "build", "main.mjs", ...all], project.folder);
    return [file];
  };
  return { plain: build("plain"), minified: build("minified", "--minify") };
}, runtimeName !== "bun" && "Bun's");

testProgram("Node, --build-sea", async (project) => {
  const [main, config] = [await bundled(project, "out.cjs"), project.path("sea.json")];
  const output = project.path("program");
  writeFileSync(
    config,
    JSON.stringify({ main, output, disableExperimentalSEAWarning: true }),
  );
  mustRun([process.execPath, "--build-sea", config]);
  return { script: [output] };
}, ofNode(26));

// `deno compile` downloads what it puts before the program.
testProgram("as deno compile makes them", async (project) => {
  const program = project.path("program");
  const bundle = await bundled(project, "out.mjs", {
    banner: {
      js: `Object.defineProperty(Deno, "build", {
        value: { ...Deno.build, standalone: true },
      });
      Deno.execPath = () => ${JSON.stringify(program)};`,
    },
  });
  const command = [...RUN, bundle].map((part) => `'${part}'`).join(" ");
  return { bundle: script(project, "program", `exec ${command} "$@"`) };
}, runtimeName !== "deno" && "Deno's");

// A stand-in for Electron: Node if a variable says so, or else the application.
testProgram("as Electron runs them", async (project) => {
  const [electron, setUp] = [project.path("electron"), project.path("electron.mjs")];
  writeFileSync(
    setUp,
    `import process from "node:process";
     process.versions.electron = "40.0.0";
     process.execPath = ${JSON.stringify(electron)};`,
  );
  const node = `'${process.execPath}' --import='${setUp}'`;
  const app = await bundled(project, "app.mjs", {
    external: ["@pystd/multiprocessing"],
  });
  script(
    project,
    "electron",
    `if [ "$ELECTRON_RUN_AS_NODE" ]; then exec ${node} "$@"; fi\nexec ${node} '${app}' "$@"`,
  );
  return { [EXTERNAL]: [electron] };
}, ofNode(24));
