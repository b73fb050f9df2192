/**
 * A Lua script: its source, put together from parts. The server runs it as one step.
 *
 * Every key that a script uses begins with the prefix of its first one, `{mp:NAME}:`, so all
 * are in one slot of a cluster, and parts find keys by the numbers of objects and sessions.
 *
 * @module
 */

/** A script. */
export interface Script {
  /** Its name in errors. */
  readonly name: string;
  readonly source: string;
}

/** Puts a script together. The text of each part stands once. */
export function script(name: string, ...parts: string[]): Script {
  return { name, source: [...new Set(parts)].map((part) => part.trim()).join("\n") };
}
