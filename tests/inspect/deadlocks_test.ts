import { ok, strictEqual } from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Deadlock } from "../../src/inspect/snapshot.ts";
import { programPath, runProgram } from "../helpers/run.ts";
import { test } from "../suite.ts";

const PROGRAM = "tests/children/deadlocks.ts";

/** The line of the program with a mark. */
function lineOf(mark: string): number {
  const lines = readFileSync(programPath(PROGRAM), "utf8").split("\n");
  const line = lines.findIndex((text) => text.endsWith(`// mark: ${mark}`)) + 1;
  ok(line > 0, mark);
  return line;
}

/** A program's deadlock: certain or not, and what its lines must have, each in its order. */
interface Expected {
  isCertain: boolean;
  /** In each line: a process's name, what it waits for, and the mark of its line. */
  waits: [name: string, what: string, mark: string][];
  /** In some line, each. */
  also?: string[];
}

/** Two or more processes, each with the lock that the one before wants. */
function ring(names: string[]): Expected {
  const transfers = names.map((_, i): Expected["waits"][number] => {
    const name = names[(i + 1) % names.length]!;
    return [`transfer-${i + 1}`, `waits for ${name}`, "second"];
  });
  return {
    isCertain: true,
    waits: [...transfers, ["MainProcess", "joins transfer-1", "ring"]],
    also: names.map((_, i) => `   held by transfer-${i + 1}`),
  };
}

const JOINS: Expected["waits"][number] = ["MainProcess", "joins child", "join"];

/** A child that waits for what only the main process could do, which waits for its end. */
function child(what: string, mark: string, deed: string): Expected {
  return {
    isCertain: false,
    waits: [JOINS, ["child", `waits in ${what}`, mark]],
    also: [`could ${deed}, and waits too`],
  };
}

const EXPECTED: Record<string, Expected> = {
  two: ring(["Lock “accountA”", "Lock “accountB”"]),
  five: ring([..."ABCDE"].map((letter) => `Lock “fork${letter}”`)),
  rlocks: ring(["RLock “left”", "RLock “right”"]),
  condition: child("wait() of Condition “change”", "condition", "notify it"),
  twice: {
    isCertain: true,
    waits: [["child", "waits for Lock “account”", "twice"], JOINS],
    also: ["   held by itself"],
  },
  semaphore: {
    isCertain: false,
    waits: [
      ["Process-1", "waits for Semaphore “places”", "semaphore"],
      ["Process-2", "waits for Semaphore “places”", "semaphore"],
    ],
    also: ["MainProcess"],
  },
  sentinel: child("get() of Queue “items”", "sentinel", "put something"),
  full: child("put() of Queue “items”", "full", "take something out"),
  barrier: {
    ...child("wait() of Barrier “point”", "barrier", "come to it"),
    also: ["   1 of 2 are there"],
  },
  event: child("wait() of Event “ready”", "event", "set it"),
  door: {
    isCertain: false,
    waits: [JOINS, ["child", "waits for Lock “door”", "door"]],
    also: ["   held by MainProcess"],
  },
  pool: {
    isCertain: false,
    waits: [
      ["MainProcess", "waits for a result of Pool “workers”", "result"],
      ["SpawnPoolWorker-1", "waits in wait() of Event “turn”", "first task"],
    ],
    also: ["   1 task of it waits for a worker"],
  },
  managed: {
    isCertain: true,
    waits: [
      ["transfer-1", "waits for Lock “other”", "second"],
      ["transfer-2", "waits for Lock “one”", "second"],
    ],
    also: ["   held by transfer-1", "   held by transfer-2"],
  },
  pipe: {
    isCertain: false,
    waits: [
      ["MainProcess", "waits in send() of Connection “here”", "flood"],
      ["Process-1", "waits in send() of Connection “there”", "flood"],
    ],
    also: ["could receive something"],
  },
  unfinished: {
    isCertain: false,
    waits: [
      ["MainProcess", "waits in join() of JoinableQueue “items”", "unfinished"],
      ["Process-1", "waits in get() of JoinableQueue “items”", "next item"],
    ],
    also: ["could call task_done()"],
  },
  grandchildren: {
    isCertain: false,
    waits: [
      ["child", "joins grandchild", "parent"],
      ["grandchild", "waits for Lock “door”", "door"],
      ["MainProcess", "joins child", "grandchildren"],
    ],
    also: ["   held by child"],
  },
};

for (const [name, expected] of Object.entries(EXPECTED)) {
  test(`found, with its lines: ${name}`, async () => {
    const { stdout, stderr } = await runProgram(PROGRAM, { args: [name] });
    ok(stdout.startsWith("{"), `${stdout}\n${stderr}`);
    const { isCertain, title, lines } = JSON.parse(stdout) as Deadlock;
    const text = [title, ...lines].join("\n");
    strictEqual(isCertain, expected.isCertain, text);
    strictEqual(title.startsWith("Deadlock: "), isCertain, text);
    for (const [process, what, mark] of expected.waits) {
      const begin = `${process} (pid `;
      const line = lines.find((line) => line.trim().startsWith(begin)) ?? "";
      ok(line.includes(` ${what}`), `${process} ${what}\n${text}`);
      const place = new RegExp(`\\bdeadlocks\\.[jt]s:${lineOf(mark)}:`);
      ok(place.test(line), `line ${lineOf(mark)} of ${process}\n${text}`);
    }
    for (const part of expected.also ?? []) ok(text.includes(part), `${part}\n${text}`);
  });
}
