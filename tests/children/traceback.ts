// A child fails in the way that the argument names; the program prints its exit code.
import process from "node:process";
import { setTimeout } from "node:timers";
import * as mp from "../../mod.ts";

const CAUSE = new RangeError("the reason");
const WAYS: Record<string, () => unknown> = {
  divide: () => raise(new mp.ZeroDivisionError("division by zero")),
  cause: () => raise(new mp.ValueError("boom", { cause: CAUSE })),
  text: () => Promise.reject("only a text"),
  interrupt: () => raise(new mp.KeyboardInterrupt()),
  timer: () => void setTimeout(() => raise(new mp.ZeroDivisionError("later")), 1),
  drained: () => void process.once("beforeExit", () => WAYS["timer"]!()),
  rejection: () => void Promise.reject(new mp.ValueError("nobody saw it")),
  list: () => exit([1, 2, 3]),
  text_and_exit: () => exit("ignore this"),
  float: () => exit(2.5),
  number: () => exit(3),
};

export function failAs(way: string): unknown {
  return WAYS[way]!();
}

function exit(reason: unknown): never {
  throw new mp.SystemExit(reason as number);
}

function raise(error: Error): never {
  throw error;
}

if (import.meta.main) {
  const p = new mp.Process({
    target: failAs,
    args: [process.argv[2]!],
    name: "Unlucky",
  });
  await p.start();
  await p.join();
  console.log(`exitcode ${p.exitcode}`);
}
