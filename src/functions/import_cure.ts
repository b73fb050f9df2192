/**
 * What to do about a module that a child cannot import, for the error's text. A child loads
 * the file by the runtime, without the tools that may have loaded it in its parent.
 *
 * @module
 */
import { runtime } from "../runtime/mod.ts";
import { CURE, isTestFile } from "./test_files.ts";

/** Errors of a test file that is imported where its runner is not. */
const NO_RUNNER =
  /\b(?:test|it|describe|suite|before(?:All|Each)?|after(?:All|Each)?|jest|vi) is not defined|\bVitest failed to\b|\bbun:test\b/;

const BY_TOOL = "load a tool that does in every process (`NODE_OPTIONS=--import=tsx`)";

/** What follows the module's name in the text: a colon and the cure, or nothing. */
export function cureOf(error: unknown, url: string): string {
  if (isTestFile(url) || NO_RUNNER.test(String(error))) return `: ${CURE}`;
  if (!/\.[cm]?tsx?$/.test(url)) return "";
  switch ((Object(error) as { code?: unknown }).code) {
    case "ERR_UNKNOWN_FILE_EXTENSION":
      return `: ${runtime.title} does not run TypeScript; compile the module, ${BY_TOOL}, ` +
        "or use Node 22.18 or later";
    case "ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX":
      return `: ${runtime.title} takes types away, but does not compile TypeScript; ${BY_TOOL}`;
    default:
      return "";
  }
}
