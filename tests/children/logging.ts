// Logs in every way there is; the test runs the same calls in Python.
import { get_logger, log_to_stderr } from "../../src/python/log.ts";
import * as util from "../../src/python/util.ts";

util.info("nobody asked for the logger yet");
const logger = get_logger();
console.log(String(logger), JSON.stringify(util.loggingState()));
logger.warning("bare %s %d", "a", 3);
logger.info("not shown");
util.sub_warning("not shown");
log_to_stderr();
logger.info("not shown");
log_to_stderr("INFO");
logger.info("shown twice: %r", "x");
logger.handlers.pop();
logger.info("100%");
logger.info([1, null]);
logger.setLevel(1);
logger.log(5, "five");
util.sub_debug("sub %s", "debug");
util.debug("debug");
util.sub_warning("sub warning");
logger.critical("%(a)s and %(b)s", { a: 1, b: "c" });
console.log(String(logger), JSON.stringify(util.loggingState()));
logger.setLevel(51); // nothing of the program's end
