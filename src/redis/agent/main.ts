/**
 * The program of an agent.
 *
 * @module
 */
import { complain } from "../../link/exit.ts";
import { output } from "../../link/output.ts";
import { isError } from "../../runtime/brands.ts";
import { runtime } from "../../runtime/mod.ts";
import { VERSION } from "../../runtime/package.ts";
import { listenAsProgram } from "../../runtime/program.ts";
import { Agent, type AgentOptions } from "./agent.ts";
import { agentOptions, HELP, parseCommandLine } from "./arguments.ts";

/** Exit codes: of a command line that makes no sense, and of a server that is not there. */
const USAGE = 2;
const FAILURE = 1;

/**
 * Runs an agent: takes processes until it gets SIGTERM, and then ends with the last of them.
 * The program of `npx @pystd/multiprocessing agent`.
 *
 * @param args The command line, with or without the word `agent` at its beginning; `--help`
 * tells what it may hold.
 * @returns The exit code: 0, 1 if the server is not there, 2 if the command line is wrong.
 */
export async function main(args: readonly string[]): Promise<number> {
  let options: AgentOptions;
  try {
    const line = parseCommandLine(args[0] === "agent" ? args.slice(1) : args);
    if (line.flags.has("help")) return say(HELP);
    if (line.flags.has("version")) return say(`${VERSION}\n`);
    options = agentOptions(line, (text) => complain(`${text}\n`));
  } catch (error) {
    complain(`agent: ${messageOf(error)}\nTry --help.\n`);
    return USAGE;
  }
  const agent = new Agent(options);
  const stops = (["SIGTERM", "SIGINT"] as const).map((name) => {
    let count = 0;
    return listenAsProgram(name, () => {
      if (count++ > 0) runtime.exit(FAILURE);
      agent.drain();
    });
  });
  try {
    await agent.run();
    return 0;
  } catch (error) {
    complain(`agent: ${messageOf(error)}\n`);
    return FAILURE;
  } finally {
    for (const stop of stops) stop();
  }
}

async function say(text: string): Promise<number> {
  await output.print(new TextEncoder().encode(text));
  return 0;
}

function messageOf(error: unknown): string {
  if (!isError(error)) return String(error);
  return `${error.name}: ${error.message}`;
}
