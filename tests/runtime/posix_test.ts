import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { builtin, isAgain, writeAllSync } from "../../src/runtime/posix.ts";
import { test } from "../suite.ts";

test("writeAllSync() goes on after part of the bytes, and after a full pipe", () => {
  const written: number[] = [];
  let calls = 0;
  const write = (bytes: Uint8Array) => {
    if (++calls === 2) throw Object.assign(new TypeError("full"), { code: "EAGAIN" });
    const part = bytes.subarray(0, 2);
    written.push(...part);
    return part.length;
  };
  writeAllSync(write, isAgain, Uint8Array.of(1, 2, 3, 4, 5));
  deepStrictEqual(written, [1, 2, 3, 4, 5]);
});

test("writeAllSync() waits longer for a pipe that stays full, and shortly again after that", () => {
  const moments: number[] = [];
  const write = (bytes: Uint8Array) => {
    moments.push(performance.now());
    if (moments.length <= 12) {
      throw Object.assign(new TypeError("full"), { code: "EAGAIN" });
    }
    return bytes.length;
  };
  writeAllSync(write, isAgain, Uint8Array.of(1));
  strictEqual(moments.length, 13);
  ok(moments.at(-1)! - moments[0]! >= 5, "it has hardly waited");
});

test("writeAllSync() throws every other error", () => {
  const write = () => {
    throw Object.assign(new TypeError("gone"), { code: "EPIPE" });
  };
  throws(() => writeAllSync(write, isAgain, Uint8Array.of(1)), { code: "EPIPE" });
});

test("builtin() fetches a module of Node", () => {
  strictEqual(builtin("node:path").sep, "/");
});
