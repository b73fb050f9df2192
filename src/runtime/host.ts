/**
 * The host that this process was started on, if that is another than the root's.
 *
 * @module
 */

/** In a process that was started on a host: what errors call it. Null in all others. */
export const here: { host: string | null } = { host: null };
