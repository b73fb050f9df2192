import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import {
  ProcessError,
  ProtocolError,
  WorkerLostError,
} from "../../../src/python/errors.ts";
import { test } from "../../suite.ts";

test("WorkerLostError tells what is known of the process", () => {
  const cause = new Error("before");
  const error = new WorkerLostError("worker died", {
    pid: 7,
    exitcode: -9,
    signal: "SIGKILL",
    task: "f(1)",
    stderr: "out of memory\n",
    host: "worker1",
    cause,
  });
  ok(error instanceof ProcessError);
  strictEqual(String(error), "WorkerLostError: worker died");
  strictEqual(error.cause, cause);
  deepStrictEqual({ ...error }, {
    pid: 7,
    exitcode: -9,
    signal: "SIGKILL",
    task: "f(1)",
    stderr: "out of memory\n",
    host: "worker1",
  });
});

test("WorkerLostError knows nothing by default", () => {
  deepStrictEqual(Object.values({ ...new WorkerLostError() }), Array(6).fill(null));
});

test("ProtocolError names the process", () => {
  const error = new ProtocolError("bad frame", { process: "Process-1" });
  strictEqual(error.message, "Process-1: bad frame");
  strictEqual(error.process, "Process-1");
  strictEqual(new ProtocolError("bad frame").message, "bad frame");
  strictEqual(new ProtocolError("bad frame").process, null);
});
