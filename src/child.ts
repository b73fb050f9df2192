/**
 * The entry of a child process, as the package exports it: startup/child.ts.
 *
 * @module
 */
import "./startup/child.ts";
