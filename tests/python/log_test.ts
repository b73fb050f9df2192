import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { restoreLoggingState } from "../../src/python/inherited_log.ts";
import { get_logger } from "../../src/python/log.ts";
import { loggingState, setLogSink } from "../../src/python/log_calls.ts";
import { pythonTest, runPython } from "../helpers/python.ts";
import { runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

/** The calls of tests/children/logging.ts. */
const TWIN = `
import json
from multiprocessing import util
def state():
    level = util._logger.getEffectiveLevel() if util._logger else None
    return json.dumps({"level": level, "stderr": util._log_to_stderr}, separators=(",", ":"))
util.info("nobody asked for the logger yet")
logger = util.get_logger()
print(logger, state())
logger.warning("bare %s %d", "a", 3)
logger.info("not shown")
util.sub_warning("not shown")
util.log_to_stderr()
logger.info("not shown")
util.log_to_stderr("INFO")
logger.info("shown twice: %r", "x")
logger.handlers.pop()
logger.info("100%")
logger.info([1, None])
logger.setLevel(1)
logger.log(5, "five")
util.sub_debug("sub %s", "debug")
util.debug("debug")
util.sub_warning("sub warning")
logger.critical("%(a)s and %(b)s", {"a": 1, "b": "c"})
print(logger, state())
logger.setLevel(51)
`;

pythonTest("the log on stderr is Python's", async () => {
  const ours = await runProgram("tests/children/logging.ts");
  deepStrictEqual(ours, await runPython(TWIN));
});

test("get_logger gives one logger, which propagates nothing", () => {
  strictEqual(get_logger(), get_logger());
  strictEqual(get_logger().name, "multiprocessing");
  strictEqual(get_logger().propagate, false);
});

test("restoreLoggingState makes a process log as another", () => {
  const logger = get_logger();
  const level = logger.level;
  let text = "";
  setLogSink((line) => text += line);
  try {
    restoreLoggingState({ level: 20, stderr: true });
    deepStrictEqual(loggingState(), { level: 20, stderr: true });
    logger.info("text");
  } finally {
    setLogSink(undefined);
    logger.handlers.pop();
    logger.setLevel(level);
  }
  strictEqual(text, "[INFO/MainProcess] text\n");
});
