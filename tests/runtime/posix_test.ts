import { deepStrictEqual, ok, strictEqual, throws } from "node:assert/strict";
import { constants } from "node:os";
import {
  builtin,
  endSignals,
  isAgain,
  isWindows,
  pipeBuffer,
  signalName,
  signalNumber,
  signalsOf,
  system,
  writeAllSync,
} from "../../src/runtime/posix.ts";
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

test("signals have the numbers of the system", () => {
  const { signals } = constants as unknown as { signals: Record<string, number> };
  for (const [name, number] of Object.entries(signalsOf(system()))) {
    strictEqual(signals[name], number, name);
    deepStrictEqual([signalNumber(name), signalName(number)], [number, name]);
  }
  deepStrictEqual([signalNumber("SIGNONE"), signalName(0)], [0, undefined]);
});

test("each system has its own numbers, and each signal one of them", () => {
  // As <signal.h> of macOS and FreeBSD has them, and Node's os.constants on Windows.
  const table: [string, string, number][] = [
    ["darwin", "SIGUSR1", 30],
    ["darwin", "SIGCHLD", 20],
    ["darwin", "SIGBUS", 10],
    ["freebsd", "SIGSTOP", 17],
    ["linux", "SIGUSR1", 10],
    ["windows", "SIGBREAK", 21],
    ["win32", "SIGABRT", 22],
  ];
  for (const [name, signal, number] of table) {
    strictEqual(signalsOf(name)[signal], number, `${name} ${signal}`);
  }
  for (const name of ["linux", "darwin", "freebsd", "windows"]) {
    const numbers = Object.values(signalsOf(name));
    strictEqual(new Set(numbers).size, numbers.length, name);
    // Those that this package sends are the same everywhere.
    for (const [signal, number] of [["SIGINT", 2], ["SIGKILL", 9], ["SIGTERM", 15]]) {
      strictEqual(signalsOf(name)[signal as string], number);
    }
    for (const signal of endSignals(name)) ok(signalsOf(name)[signal], signal);
  }
  ok(
    endSignals("win32").includes("SIGBREAK") &&
      !endSignals("linux").includes("SIGBREAK"),
  );
});

test("a pipe takes as much in one go as the system says", () => {
  deepStrictEqual(
    ["linux", "darwin", "freebsd", "openbsd"].map((name) => pipeBuffer(name)),
    [
      ...[4096, 512, 512, 512],
    ],
  );
  deepStrictEqual(["win32", "windows", "darwin"].map((name) => isWindows(name)), [
    ...[true, true, false],
  ]);
});
