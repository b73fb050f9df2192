/**
 * Colours of what children print: their stdout is a pipe, but where the root's is a terminal
 * that is where their text goes.
 *
 * @module
 */
import { runtime } from "./mod.ts";

/** Variables by which a user has decided it already. */
const DECIDED = ["FORCE_COLOR", "NO_COLOR", "NODE_DISABLE_COLORS"];

/** The variable by which programs write as many colours as such a terminal has. */
export function colorVariable(env: Record<string, string>): Record<string, string> {
  const { TERM = "", COLORTERM = "" } = env;
  if (TERM === "dumb" || DECIDED.some((name) => env[name] !== undefined)) return {};
  const level = /^(truecolor|24bit)$/.test(COLORTERM) ? 3 : /256/.test(TERM) ? 2 : 1;
  return { FORCE_COLOR: `${level}` };
}

/** Whether a terminal shows what children print; a stderr that is a file is to have none. */
function areSeen(): boolean {
  return runtime.stdoutIsTerminal() && runtime.stderrWidth() !== undefined;
}

/** The variable for a child that has an environment of its own. */
export function ownColors(): Record<string, string> {
  return areSeen() ? colorVariable(runtime.env() ?? {}) : {};
}

/** A child's environment; undefined is this process's own. */
export function withColors(
  env: Record<string, string> | undefined,
): Record<string, string> | undefined {
  if (!areSeen()) return env;
  const known = env ?? runtime.env();
  return known && { ...known, ...colorVariable(known) };
}
