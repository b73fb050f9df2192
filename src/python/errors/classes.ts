/**
 * The error classes that users get, without the helpers.
 *
 * @module
 */

export {
  ArithmeticError,
  AssertionError,
  AttributeError,
  BrokenBarrierError,
  BufferError,
  EOFError,
  IndexError,
  KeyError,
  LookupError,
  NotImplementedError,
  OverflowError,
  RecursionError,
  RuntimeError,
  StopIteration,
  ValueError,
  ZeroDivisionError,
} from "./builtins.ts";
export { KeyboardInterrupt, SystemExit } from "./exit.ts";
export {
  BlockingIOError,
  BrokenPipeError,
  ChildProcessError,
  ConnectionAbortedError,
  ConnectionError,
  ConnectionRefusedError,
  ConnectionResetError,
  FileExistsError,
  FileNotFoundError,
  InterruptedError,
  IsADirectoryError,
  NotADirectoryError,
  OSError,
  PermissionError,
  ProcessLookupError,
} from "./os.ts";
export * from "./package.ts";
export * from "./remote.ts";
