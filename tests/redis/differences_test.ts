/**
 * The table of what differs on a server, made by asking both kinds: `docs/redis_differences.md`
 * is what comes out. `UPDATE_DIFFERENCES=1` has it written.
 */
import { notStrictEqual, strictEqual } from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import * as own from "../../mod.ts";
import { repr } from "../../src/python/repr.ts";
import { LEAKING } from "../helpers/groups.ts";
import { CASES, type Package, QUESTIONS } from "./differences.ts";
import { ON_SERVER } from "./server.ts";

const PATH = fileURLToPath(new URL("../../docs/redis_differences.md", import.meta.url));

const isMaking = process.env["UPDATE_DIFFERENCES"] !== undefined;

const HEAD = `# Differences on a server

What objects of \`get_context("redis", …)\` do otherwise than the package's own, which run
the same cases of CPython's suite. A test asks both kinds, and makes this page of what
they answer: \`UPDATE_DIFFERENCES=1\` has \`tests/redis/differences_test.ts\` write it.
`;

/** What a question is answered, as text without addresses. */
async function answerOf(ask: () => unknown): Promise<string> {
  let text: string;
  try {
    const answer = await ask();
    text = typeof answer === "string"
      ? answer
      : answer === undefined
      ? "undefined"
      : repr(answer);
  } catch (error) {
    const { name, message } = error as Error;
    // Names of files are not the same everywhere.
    text = message.includes("file:") ? name : `${name}: ${message}`;
  }
  return `\`${text.replaceAll(/0x[0-9a-f]+/g, "0x…")}\``;
}

/** A table whose columns are as wide as its cells. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, at) =>
    Math.max(...rows.map((row) => row[at]!.length))
  );
  const line = (row: readonly string[], fill = " ") =>
    `| ${row.map((cell, at) => cell.padEnd(widths[at]!, fill)).join(" | ")} |`;
  const [head, ...rest] = rows as [readonly string[]];
  const rule = line(head.map(() => ""), "-");
  return [line(head), rule, ...rest.map((row) => line(row))].join("\n");
}

ON_SERVER.test("the page says what differs on a server", async (server) => {
  const mp = server.context();
  const rows = [["asked", "the package's own", "on a server"]];
  for (const { code, ask } of QUESTIONS) {
    const kinds: Package[] = [own, mp];
    const answers: string[] = [];
    for (const kind of kinds) answers.push(await answerOf(() => ask(kind)));
    notStrictEqual(answers[0], answers[1], `${code} does not differ any more`);
    rows.push([code, ...answers]);
  }
  const cases = Object.entries(CASES).map((
    [name, { reason }],
  ) => [`\`${name}\``, reason]);
  const text = [
    HEAD,
    table(rows),
    "\nCases that both kinds run, and that fail on a server, as they are meant to:\n",
    table([["case", "why"], ...cases]),
  ].join("\n") + "\n";
  if (isMaking) writeFileSync(PATH, text);
  strictEqual(readFileSync(PATH, "utf8"), text);
}, {
  ...LEAKING,
  skip: !existsSync(PATH) && !isMaking &&
    "the compiled tests are without the documentation",
});
