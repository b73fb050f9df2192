/** What children print where the root's stdout is a terminal. */

import { match, strictEqual } from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFolder } from "../helpers/folders.ts";
import { programCommand, startCommand } from "../helpers/run.ts";
import { test } from "../suite.ts";

/** `script` of util-linux runs a command on a terminal of its own. */
const hasScript = spawnSync("script", ["--version"]).status === 0;
const skip = !hasScript && "no `script`, which makes a terminal";

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;

/** What the program prints: the test goes on when a line has begun. */
async function printed(onTerminal: boolean, env: Record<string, string | undefined>) {
  return await withFolder(async (folder) => {
    const go = join(folder, "go");
    const command = programCommand("tests/children/open_line.ts", { args: [go] });
    const line = command.map(quote).join(" ");
    const program = onTerminal
      ? startCommand(["script", "-qec", line, "/dev/null"], { env })
      : startCommand(command, { env });
    await program.waitForOutput(onTerminal ? "working ..." : "colours");
    writeFileSync(go, "");
    const { stdout } = await program.finished;
    return stdout.replaceAll("\r", "");
  });
}

const UNDECIDED = { FORCE_COLOR: undefined, NO_COLOR: undefined, TERM: "xterm" };

test(
  "on a terminal a line is seen before it is ended, and children print colours",
  async () => {
    const stdout = await printed(true, { ...UNDECIDED, COLORTERM: "truecolor" });
    match(stdout, /^colours: 3\nworking \.\.\. done\n[^]*exit code/);
  },
  { skip },
);

test("children print none where the user has said so", async () => {
  const stdout = await printed(true, { ...UNDECIDED, NO_COLOR: "1" });
  match(stdout, /^colours: undefined\n/);
}, { skip });

test("elsewhere they are told nothing of colours", async () => {
  const stdout = await printed(false, { ...UNDECIDED, COLORTERM: "truecolor" });
  strictEqual(stdout.split("\n")[0], "colours: undefined");
});
