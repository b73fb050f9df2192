import { deepStrictEqual, match, strictEqual, throws } from "node:assert/strict";
import process from "node:process";
import {
  checkLevel,
  Formatter,
  Handler,
  type Level,
  levelName,
  Logger,
  LogRecord,
  StreamHandler,
  WARNING,
} from "../../src/python/logging.ts";
import {
  processName,
  setLogSink,
  setProcessNameSource,
} from "../../src/python/log_calls.ts";
import { test } from "../suite.ts";

/** Runs `fn` and gives what it writes to the log. */
function logged(fn: () => void): string {
  let text = "";
  setLogSink((line) => text += line);
  try {
    fn();
  } finally {
    setLogSink(undefined);
  }
  return text;
}

test("levels have names, and names levels", () => {
  deepStrictEqual([0, 10, 20, 30, 40, 50, 25].map(levelName), [
    "NOTSET",
    "DEBUG",
    "INFO",
    "WARNING",
    "ERROR",
    "CRITICAL",
    "Level 25",
  ]);
  deepStrictEqual(["DEBUG", "WARN", "FATAL", 7].map(checkLevel), [10, 30, 50, 7]);
});

test("a level that is none raises what Python raises", () => {
  const wrong: [unknown, string, string][] = [
    ["BOGUS", "ValueError", "Unknown level: 'BOGUS'"],
    ["info", "ValueError", "Unknown level: 'info'"],
    [1.5, "TypeError", "Level not an integer or a valid string: 1.5"],
    [null, "TypeError", "Level not an integer or a valid string: None"],
  ];
  for (const [level, name, message] of wrong) {
    throws(() => new Logger("x").setLevel(level as Level), { name, message });
  }
  throws(() => new Logger("x").log("INFO" as unknown as number, "text"), {
    name: "TypeError",
    message: "level must be an integer",
  });
});

test("a logger without handlers shows warnings bare", () => {
  const logger = new Logger("x");
  const text = logged(() => {
    logger.info("no");
    logger.warning("yes %d", 1);
    logger.setLevel(1);
    logger.info("still no");
  });
  strictEqual(text, "yes 1\n");
});

test("a logger hands records to all its handlers that want them", () => {
  const logger = new Logger("x");
  logger.setLevel("DEBUG");
  const all = new StreamHandler();
  const some = new StreamHandler();
  some.setFormatter(new Formatter("%(name)s:%(levelno)d"));
  some.setLevel("ERROR");
  logger.addHandler(all);
  logger.addHandler(all);
  logger.addHandler(some);
  strictEqual(
    logged(() => {
      logger.debug("a");
      logger.error("b");
      logger.removeHandler(all);
      logger.removeHandler(all);
      logger.critical("c");
    }),
    "a\nb\nx:40\nx:50\n",
  );
});

test("a handler of one's own gets the records", () => {
  const records: LogRecord[] = [];
  class Keep extends Handler {
    override emit(record: LogRecord): void {
      records.push(record);
    }
  }
  const logger = new Logger("x");
  logger.addHandler(new Keep());
  logger.error("%s", "text");
  const [record] = records;
  strictEqual(record?.getMessage(), "text");
  strictEqual(record?.levelname, "ERROR");
  strictEqual(record?.process, process.pid);
});

test("a message that cannot be made is told on stderr, not to the caller", () => {
  const logger = new Logger("x");
  const text = logged(() => logger.error("bad %d", "x"));
  match(text, /^--- Logging error ---\n/);
  match(text, /TypeError: %d format: a real number is required, not str\n/);
  match(text, /\nMessage: 'bad %d'\nArguments: \('x',\)\n$/);
});

test("a sink that fails does not stop the program", () => {
  setLogSink(() => {
    throw new Error("closed");
  });
  try {
    new Logger("x").error("text");
  } finally {
    setLogSink(undefined);
  }
});

test("a line names the process", () => {
  const record = new LogRecord("x", WARNING, "text", []);
  strictEqual(record.processName, "MainProcess");
  setProcessNameSource(() => "Process-1:2");
  try {
    const line = new Formatter("%(processName)s %(asctime)s %(message)s");
    const made = line.format(new LogRecord("x", WARNING, "text", []));
    match(made, /^Process-1:2 \d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} text$/);
  } finally {
    setProcessNameSource(() => "MainProcess");
  }
  strictEqual(processName(), "MainProcess");
});

test("a logger tells its level", () => {
  const logger = new Logger("multiprocessing");
  strictEqual(String(logger), "<Logger multiprocessing (WARNING)>");
  logger.setLevel(5);
  strictEqual(String(logger), "<Logger multiprocessing (Level 5)>");
  deepStrictEqual([logger.isEnabledFor(5), logger.isEnabledFor(4)], [true, false]);
});

test("warn, fatal and exception are there as in Python", () => {
  const logger = new Logger("names");
  const lines: string[] = [];
  class Keeper extends Handler {
    override emit(record: LogRecord): void {
      lines.push(`${record.levelname}: ${this.format(record)}`);
    }
  }
  logger.addHandler(new Keeper());
  logger.warn("disk %s", "full");
  logger.fatal("over");
  const error = new RangeError("too far");
  logger.exception("failed", error);
  logger.exception("failed at %d: %s", 3, error);
  logger.exception("50%% of %s", "it", error);
  logger.exception("no error here");
  deepStrictEqual(lines.slice(0, 2), ["WARNING: disk full", "CRITICAL: over"]);
  const heads = lines.slice(2).map((line) => line.split("\n").slice(0, 2));
  deepStrictEqual(heads, [
    ["ERROR: failed", "RangeError: too far"],
    ["ERROR: failed at 3: too far", "RangeError: too far"],
    ["ERROR: 50% of it", "RangeError: too far"],
    ["ERROR: no error here"],
  ]);
  match(lines[2]!, /logging_test/);
  lines.length = 0;
  logger.info("not shown", { exc_info: error });
  logger.error("%s of %s", 1, 2, { exc_info: error });
  logger.error("%(a)s", { a: 1 });
  for (const exc_info of [true, false, null]) logger.warning("so", { exc_info });
  deepStrictEqual(
    lines.map((line) => line.split("\n").slice(0, 2)),
    [
      ["ERROR: 1 of 2", "RangeError: too far"],
      ["ERROR: 1"],
      ["WARNING: so", "NoneType: None"],
      ["WARNING: so"],
      ["WARNING: so"],
    ],
  );
  logger.setLevel("CRITICAL");
  logger.exception("left out", error);
  strictEqual(lines.length, 5);
});
