/**
 * The version of this package: a process on another host may find another one there.
 *
 * @module
 */

/** That of deno.json. */
export const VERSION = "0.1.0";
