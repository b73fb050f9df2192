/**
 * `_TestLogging` of CPython 3.13's `test/_test_multiprocessing.py`. Written afresh.
 *
 * Changed: there are no loggers but the package's, so the level that it has without one of
 * its own is that of Python's root logger, WARNING.
 */
import { ok, strictEqual } from "node:assert/strict";
import { get_logger, Pipe } from "../../mod.ts";
import * as util from "../../src/util.ts";
import { test } from "../suite.ts";
import { exitcodeOf, started } from "./helpers/checks.ts";
import { tellLevel } from "./helpers/process_targets.ts";

const WARNING = 30;

test("_TestLogging.test_enable_logging", () => {
  const logger = get_logger();
  const { level } = logger;
  logger.setLevel(util.SUBWARNING);
  try {
    ok(!logger.isEnabledFor(util.INFO));
    ok(logger.isEnabledFor(util.SUBWARNING));
    logger.debug("this will not be printed");
    logger.info("nor will this");
  } finally {
    logger.setLevel(level);
  }
});

test("_TestLogging.test_level", async () => {
  const logger = get_logger();
  const { level } = logger;
  const [reader, writer] = Pipe<number>({ duplex: false });
  try {
    for (const [given, effective] of [[32, 32], [util.NOTSET, WARNING]] as const) {
      logger.setLevel(given);
      strictEqual(await exitcodeOf(started(tellLevel, [writer])), 0);
      strictEqual(await reader.recv(), effective);
      strictEqual(logger.getEffectiveLevel(), effective);
    }
  } finally {
    logger.setLevel(level);
  }
});
