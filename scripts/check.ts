/**
 * All checks that run no test: `deno task check`. Every step runs, whatever came of those
 * before it; the exit code tells whether all were content.
 *
 * @module
 */
import { config, filesUnder, run } from "./project.ts";

/** Imports from JSR, which may be out of reach; it is checked where it is run. */
const UNCHECKED = ["scripts/build_npm.ts"];

const sources = ["mod.ts", "src", "tests", "examples", "scripts"]
  .flatMap((path) => path.endsWith(".ts") ? [path] : filesUnder(path, ".ts"))
  .filter((path) => !UNCHECKED.includes(path));
const entries = Object.values(config.exports);
const deno = Deno.execPath();

/** The steps, by name. */
const STEPS: Record<string, string[]> = {
  "format": [deno, "fmt", "--check"],
  "lint": [deno, "lint"],
  "types": [deno, "check", "--quiet", ...sources],
  "the page that shows a program": [
    deno,
    "run",
    "-A",
    "scripts/build_page.ts",
    "--check",
  ],
  "documentation": [deno, "doc", "--lint", ...entries],
  "types of the examples in comments": [
    deno,
    "check",
    "--quiet",
    "--doc",
    "mod.ts",
    "src",
  ],
  "pages: links, and the types of their programs": [
    deno,
    "run",
    "-A",
    "scripts/check_pages.ts",
  ],
  "links of the reference": [deno, "run", "-A", "scripts/docs.ts", "--check"],
  "layout": [deno, "run", "-A", "scripts/check_layout.ts"],
  "the table of CPython's cases": [deno, "run", "-A", "scripts/cases.ts"],
  "names against CPython's, exported types": [
    deno,
    "run",
    "-A",
    "scripts/check_api.ts",
  ],
};

/** Lines that a step may print; the rest is counted. */
const MAX_LINES = 100;

let failed = 0;
for (const [name, command] of Object.entries(STEPS)) {
  const { code, output } = await run(command, { env: { NO_COLOR: "1" } });
  console.log(`${code === 0 ? "ok     " : "FAILED "} ${name}`);
  if (code === 0) continue;
  failed++;
  const lines = output.trimEnd().split("\n");
  console.log(lines.slice(0, MAX_LINES).join("\n"));
  if (lines.length > MAX_LINES) {
    console.log(`… and ${lines.length - MAX_LINES} lines more`);
  }
}
Deno.exit(failed === 0 ? 0 : 1);
