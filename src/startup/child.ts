/**
 * The entry of a child process, which the root starts: child_program.ts, after the steps
 * that must precede the loading of all other modules.
 *
 * @module
 */
import "../runtime/before.ts";
import { runChild } from "./child_program.ts";

runChild();
