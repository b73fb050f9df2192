/** What children print where the root's stdout is a terminal. */

import { match } from "node:assert/strict";
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

test("a line that a child has begun is seen before it is ended", async () => {
  await withFolder(async (folder) => {
    const go = join(folder, "go");
    const command = programCommand("tests/children/open_line.ts", { args: [go] });
    const line = command.map(quote).join(" ");
    const program = startCommand(["script", "-qec", line, "/dev/null"]);
    await program.waitForOutput("working ...");
    writeFileSync(go, "");
    const { stdout } = await program.finished;
    match(stdout, /^working \.\.\. done\r?\n[^]*exit code 0/);
  });
}, { skip });
