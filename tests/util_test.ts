import {
  deepStrictEqual,
  match,
  rejects,
  strictEqual,
  throws,
} from "node:assert/strict";
import { statSync } from "node:fs";
import process from "node:process";
import { Pool, Process } from "../src/dummy.ts";
import * as util from "../src/util.ts";
import { ForkAwareLocal, ForkAwareThreadLock } from "../src/util.ts";
import { setLogSink } from "../src/python/util.ts";
import { outputOf, runProgram } from "./helpers/run.ts";
import { test } from "./suite.ts";

test("levels, names and the log", () => {
  const { NOTSET, SUBDEBUG, DEBUG, INFO, SUBWARNING } = util;
  deepStrictEqual([NOTSET, SUBDEBUG, DEBUG, INFO, SUBWARNING], [0, 5, 10, 20, 25]);
  strictEqual(util.LOGGER_NAME, util.get_logger().name);
  strictEqual(
    util.DEFAULT_LOGGING_FORMAT,
    "[%(levelname)s/%(processName)s] %(message)s",
  );
  const lines: string[] = [];
  setLogSink((text) => lines.push(text));
  try {
    const logger = util.log_to_stderr(SUBDEBUG);
    util.sub_debug("a %s", 1);
    util.debug("b");
    util.info("c");
    util.sub_warning("d");
    logger.setLevel(NOTSET);
    logger.handlers.length = 0;
  } finally {
    setLogSink(undefined);
  }
  deepStrictEqual(lines, [
    "[Level 5/MainProcess] a 1\n",
    "[DEBUG/MainProcess] b\n",
    "[INFO/MainProcess] c\n",
    "[Level 25/MainProcess] d\n",
  ]);
});

test("finalizers run at the end of a program that has no children", async () => {
  const said = await outputOf("tests/children/finalizers.ts");
  strictEqual(said, "main ends\npriority 10 kept\nlater\npriority 0\n");
});

test("_exit_function runs them at once, and only once", async () => {
  const { stdout, code } = await runProgram("tests/children/finalizers.ts", {
    args: ["now"],
  });
  deepStrictEqual([stdout, code], [
    "priority 10 kept\nlater\npriority 0\nexiting true\nmain ends\n",
    0,
  ]);
});

test("abstract addresses begin with NUL", () => {
  strictEqual(util.abstract_sockets_supported, process.platform === "linux");
  const is = util.is_abstract_socket_namespace;
  deepStrictEqual(
    ["\0a", "/a", "", new Uint8Array([0, 1]), new Uint8Array([1]), new Uint8Array()]
      .map((one) => is(one)),
    [true, false, false, true, false, false],
  );
  strictEqual(is(null), false);
  throws(() => is(5 as never), {
    name: "TypeError",
    message: "address type of 5 unrecognized",
  });
});

test("get_temp_dir is the process's own, and the same each time", () => {
  const dir = util.get_temp_dir();
  match(dir, /pymp-/);
  strictEqual(util.get_temp_dir(), dir);
  strictEqual(statSync(dir).isDirectory(), true);
  strictEqual(util.is_exiting(), false);
  util.register_after_fork({}, () => {
    throw new Error("no process is forked");
  });
});

test("ForkAwareThreadLock is a lock of threads", async () => {
  const lock = new ForkAwareThreadLock();
  strictEqual(await lock.acquire(), true);
  strictEqual(await lock.acquire({ timeout: 0.01 }), false);
  await lock.release();
  strictEqual(await lock.with(() => lock.acquire(false)), false);
  await (await lock.__enter__())[Symbol.asyncDispose]();
  await rejects(lock.__exit__(), { message: "release unlocked lock" });
  match(String(lock), /^<multiprocessing.util.ForkAwareThreadLock object at 0x/);
});

test("ForkAwareLocal has attributes for each thread", async () => {
  class Local extends ForkAwareLocal {
    greet(): string {
      return `hello ${this["name"]}`;
    }
  }
  const local = new Local();
  local.name = "main";
  const said: unknown[] = [];
  const p = new Process({
    target: async () => {
      said.push("name" in local, Object.keys(local));
      local.name = "thread";
      await Promise.resolve();
      said.push(local.greet());
    },
  });
  await p.start();
  await p.join();
  deepStrictEqual(said, [false, [], "hello thread"]);
  deepStrictEqual({ ...local }, { name: "main" });
  strictEqual(local.greet(), "hello main");
  strictEqual(local instanceof Local, true);
  const pool = Pool(1);
  strictEqual(await pool.apply(() => local.name === undefined), true);
  pool.close();
  await pool.join();
  Object.defineProperty(local, "fixed", { value: 1 });
  strictEqual(Reflect.ownKeys(local).length, 2);
  delete local["name"];
  strictEqual("name" in local, false);
});
