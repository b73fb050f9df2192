/**
 * The names of this package's functions as values, so that `pool.apply(active_children)`
 * calls the function that the child itself has, as in Python.
 *
 * Only a process's parent may name them (reduction/policy.ts): some act on the process.
 *
 * @module
 */
import { Pipe } from "../connection/pipe.ts";
import {
  get_all_start_methods,
  get_context,
  get_start_method,
  set_start_method,
} from "../context/context.ts";
import {
  allow_connection_pickling,
  cpu_count,
  freeze_support,
  get_logger,
  is_main,
  log_to_stderr,
} from "../context/machine.ts";
import { set_forkserver_preload } from "../context/ahead.ts";
import { active_children, current_process } from "../process/current.ts";
import { parent_process } from "../process/parent.ts";
import { set_executable } from "../process/start_method.ts";
import { bound, exported, registerName } from "../reduction/mod.ts";

const FUNCTIONS = {
  active_children,
  allow_connection_pickling,
  bound,
  cpu_count,
  current_process,
  exported,
  freeze_support,
  get_all_start_methods,
  get_context,
  get_logger,
  get_start_method,
  is_main,
  log_to_stderr,
  parent_process,
  Pipe,
  set_executable,
  set_forkserver_preload,
  set_start_method,
};

for (const [name, callable] of Object.entries(FUNCTIONS)) {
  registerName(`multiprocessing:${name}`, callable as never);
}
