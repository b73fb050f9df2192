/**
 * Mirrors the public part of `multiprocessing/forkserver.py`: processes that are started
 * ahead.
 *
 * What differs: there is no server. A process of JavaScript cannot be forked, so a few
 * processes are started before they are needed; each has loaded this package and the modules
 * of {@linkcode set_forkserver_preload}, and becomes the next process that is started by
 * `forkserver` with the same program, flags, directory, environment and permissions. If none
 * is there, the process is started as by `spawn`.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";

export {
  ensure_running,
  type PreloadOptions,
  set_forkserver_preload,
} from "./context/ahead.ts";
