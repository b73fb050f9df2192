import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { channel } from "node:diagnostics_channel";
import { alarmText, announce } from "../../src/inspect/alarms.ts";
import type { Deadlock } from "../../src/inspect/snapshot.ts";
import { Handler, type LogRecord } from "../../src/python/logging.ts";
import { get_logger } from "../../src/util.ts";
import { test } from "../suite.ts";

const DEADLOCK: Deadlock = {
  ...{ isCertain: true, processes: [1, 2], age: 1.5 },
  title: "Deadlock: 100% stuck",
  lines: ["one", "   two"],
};

test("a deadlock is a title, and lines below it", () => {
  strictEqual(alarmText(DEADLOCK), "Deadlock: 100% stuck\n  one\n     two");
});

test("it is a warning of the package's logger, and told on the channel", async () => {
  const records: LogRecord[] = [];
  class Keeper extends Handler {
    override emit(record: LogRecord): void {
      records.push(record);
    }
  }
  const handler = new Keeper();
  const logger = get_logger();
  logger.addHandler(handler);
  const told = new Promise((resolve) => {
    channel("pystd.multiprocessing:deadlock").subscribe(resolve);
  });
  announce(DEADLOCK);
  logger.removeHandler(handler);
  deepStrictEqual(
    records.map((record) => [record.levelname, record.getMessage()]),
    [["WARNING", alarmText(DEADLOCK)]],
  );
  deepStrictEqual(await told, DEADLOCK);
});
