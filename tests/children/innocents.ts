/**
 * Runs a program of helpers/innocents.ts, by the name that is given, while deadlocks are
 * looked for; prints each that is found, and at last "over".
 */
import process from "node:process";
import { is_main } from "../../mod.ts";
import { inspect } from "../../src/inspect.ts";
import { INNOCENTS } from "../helpers/innocents.ts";

if (is_main(import.meta)) {
  const view = await inspect({
    page: false,
    onDeadlock: (deadlock) => console.log(JSON.stringify(deadlock, null, 2)),
  });
  await INNOCENTS[process.argv[2]!]!();
  await view.close();
  console.log("over");
}
