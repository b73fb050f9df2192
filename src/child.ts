/**
 * What a child process runs: the program that the root starts, and only that. It is
 * child_program.ts; what has to be done before anything else is loaded comes first.
 *
 * @module
 */
import "./runtime/before.ts";
import { runChild } from "./child_program.ts";

runChild();
