/** The program of an agent. */
import process from "node:process";
import { main } from "../../src/agent.ts";

process.exit(await main(process.argv.slice(2)));
