/**
 * Makes a release, on a machine that reaches JSR: `deno task release [--publish]`.
 *
 * The steps, each of which must end well: a clean clone whose version CHANGELOG names, all
 * tests and checks, the npm package by dnt, publint and attw on it, and what JSR is given.
 * With `--publish` both are published, npm's with provenance: npm gives that to a workflow
 * that may write an id token, and elsewhere `--provenance` fails. Without it both are tried
 * by a dry run.
 *
 * @module
 */
import { ATTW_OPTIONS } from "./package_json.ts";
import { config, mustRun, ROOT } from "./project.ts";

const isReal = Deno.args.includes("--publish");
const npm = `${ROOT}/npm`;
const jsr = `${ROOT}/jsr`;

/** A step: its name, and what it runs. */
type Step = [name: string, command: string[], cwd?: string];

const STEPS: Step[] = [
  ["all tests and checks", ["deno", "task", "test"]],
  ["the package for npm, by dnt", ["deno", "task", "npm", config.version]],
  ["publint", ["npx", "-y", "publint", "run", npm, "--strict"]],
  ["attw", ["npx", "-y", "@arethetypeswrong/cli", "--pack", npm, ...ATTW_OPTIONS]],
  ["the package for JSR", ["deno", "run", "-A", "scripts/build_jsr.ts"]],
  [
    "npm publish",
    ["npm", "publish", "--access=public", ...isReal ? ["--provenance"] : ["--dry-run"]],
    npm,
  ],
  [
    "deno publish",
    ["deno", "publish", "--allow-dirty", ...isReal ? [] : ["--dry-run"]],
    jsr,
  ],
];

async function checkClone(): Promise<void> {
  const changed = await mustRun(["git", "status", "--porcelain"], { cwd: ROOT });
  if (changed !== "") throw new Error(`the clone is not clean:\n${changed}`);
  const log = await Deno.readTextFile(`${ROOT}/CHANGELOG.md`);
  if (!log.includes(`\n## ${config.version}`)) {
    throw new Error(`CHANGELOG.md has no part "## ${config.version}"`);
  }
}

await checkClone();
for (const [name, command, cwd = ROOT] of STEPS) {
  console.log(`\n# ${name}`);
  const { success } = await new Deno.Command(command[0]!, {
    args: command.slice(1),
    cwd,
    stdin: "inherit",
  }).spawn().status;
  if (!success) {
    console.error(`failed: ${name}`);
    Deno.exit(1);
  }
}
console.log(isReal ? "\npublished" : "\nall is ready: deno task release --publish");
