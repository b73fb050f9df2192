/** The end of a pipe whose other end was closed with unread messages, beside CPython's. */
import { deepStrictEqual } from "node:assert/strict";
import { Pipe, Process } from "../../mod.ts";
import type { Connection } from "../../src/connection.ts";
import { leaveUnread, readAll } from "../helpers/pipe_targets.ts";
import { askPython, pythonTest } from "../helpers/python.ts";
import { test } from "../suite.ts";

/** What is called, in order; `a` is asked what it says, `b` is the other end. */
const STORIES: readonly string[] = [
  "b.close a.recv a.recv a.poll",
  "a.send b.close a.poll a.recv a.recv a.poll",
  "a.send b.send b.close a.recv a.recv a.recv",
  "a.send a.send b.recv b.close a.recv a.recv",
  "a.send b.recv b.close a.recv a.recv",
  "a.send b.close a.send a.recv a.recv",
  "b.send a.recv a.send b.close a.recv_bytes a.recv_bytes",
];

const TWIN = `
import json, sys
from multiprocessing import Pipe
answers = []
for story in json.loads(sys.argv[1]):
    a, b = Pipe()
    told = []
    for step in story.split():
        end, method = step.split(".")
        call = getattr(a if end == "a" else b, method)
        try:
            told.append(call(*["x"] if method == "send" else []))
        except Exception as error:
            told.append("%s: %s" % (type(error).__name__, error))
    answers.append(told)
print(json.dumps(answers))
`;

async function tell(story: string): Promise<unknown[]> {
  const [a, b] = Pipe();
  const told: unknown[] = [];
  for (const step of story.split(" ")) {
    const [end, method] = step.split(".") as ["a" | "b", string];
    const connection = { a, b }[end] as unknown as Record<
      string,
      (...args: unknown[]) => unknown
    >;
    try {
      const args = method === "send" ? ["x"] : [];
      told.push(await connection[method]!(...args) ?? null);
    } catch (error) {
      const { name, message } = error as Error;
      told.push(`${name}: ${message}`);
    }
  }
  a.close();
  b.close();
  return told;
}

pythonTest("who closes with unread messages resets, once, as in CPython", async () => {
  const theirs = await askPython(TWIN, [STORIES]) as unknown[];
  const ours: unknown[] = [];
  for (const story of STORIES) ours.push(await tell(story));
  deepStrictEqual(
    STORIES.map((story, i) => [story, ours[i]]),
    STORIES.map((story, i) => [story, theirs[i]]),
  );
});

async function namesOfRecv(connection: Connection): Promise<unknown[]> {
  const recv = () => connection.recv().catch((error: unknown) => (error as Error).name);
  return [await recv(), await recv(), await recv()];
}

test("a child that ends resets what it has not read, and ends what it has", async () => {
  for (
    const [target, name] of [
      [leaveUnread, "ConnectionResetError"],
      [readAll, "EOFError"],
    ] as const
  ) {
    const [ours, theirs] = Pipe();
    await ours.send(1);
    await ours.send(null);
    const child = new Process({ target, args: [theirs] });
    await child.start();
    theirs.close();
    deepStrictEqual(await namesOfRecv(ours), ["begun", name, "EOFError"]);
    await child.join();
    ours.close();
  }
});
