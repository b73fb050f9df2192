/**
 * How a child takes over its parent's way of logging. A file of its own, which a child loads
 * only if its parent logs.
 *
 * @module
 */
import { get_logger, log_to_stderr } from "./log.ts";
import type { LoggingState } from "./log_calls.ts";

/** Makes this process log as the process that the state comes from. */
export function restoreLoggingState(state: LoggingState): void {
  if (state.stderr) log_to_stderr();
  if (state.level !== null) get_logger().setLevel(state.level);
}
