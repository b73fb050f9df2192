/**
 * Ctrl-C, which a terminal sends to all processes of a program: what the program says and
 * how it ends, compared with CPython where there is one.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { spawn } from "node:child_process";
import process from "node:process";
import { python, remembered } from "../helpers/python.ts";
import { programCommand } from "../helpers/run.ts";
import { runtimeName, test, testsWith } from "../suite.ts";

/** The lines that a program prints, in any order, and its end. */
interface Transcript {
  said: string[];
  /** The lines of stderr that do not depend on the language. */
  complained: string[];
  code: number | string;
}

/** Programs of ctrl_c.ts and ctrl_c.py: how many are ready, and what is to be said. */
const PROGRAMS: Record<string, [ready: number, said: string[], code: number | string]> =
  {
    join: [1, [
      "child interrupted in event",
      "child tidies up after event",
      "exit code 0",
      "main interrupted",
      "main tidies up",
    ], 0],
    kinds: [9, kinds(), 0],
    uncaught: [1, ["child tidies up", "main tidies up"], "SIGINT"],
    uncaught_in_child: [1, ["child tidies up", "exit code 1", "main interrupted"], 0],
    own_handler: [1, [
      "child got handled",
      "child handles",
      "exit code 0",
      "main got from main",
      "main handles",
    ], 0],
    pool: [2, ["[1, 4, 9]", "after the pool", "main interrupted"], 0],
    manager: [1, ["after the manager", "main interrupted"], 0],
    server: [1, ["after the listener", "main interrupted"], 0],
    client: [1, ["after the connection", "main interrupted"], 0],
    terminate: [2, [
      "child ends by its handler",
      "exit code -15",
      "exit code 5",
      "main interrupted",
    ], 0],
  };

function kinds(): string[] {
  const all = [
    "event",
    "queue",
    "lock",
    "condition",
    "barrier",
    "pipe",
    "poll",
    "wait",
  ];
  return [
    ...all.flatMap((what) => [
      `child interrupted in ${what}`,
      `child tidies up after ${what}`,
      "exit code 0",
    ]),
    "main interrupted in queue",
    "main tidies up after queue",
  ];
}

/** Runs a command in a group of its own, and interrupts that when so many are ready. */
async function interrupt(
  [program, ...args]: string[],
  ready: number,
  onOutput?: (text: string, interruptAgain: () => void) => void,
): Promise<Transcript> {
  const child = spawn(program!, args, {
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  const press = () => process.kill(-child.pid!, "SIGINT");
  let [stdout, stderr] = ["", ""];
  let isPressed = false;
  child.stdout.on("data", (bytes) => {
    stdout += bytes;
    onOutput?.(stdout, press);
    if (isPressed || stdout.split("ready\n").length <= ready) return;
    isPressed = true;
    press();
  });
  child.stderr.on("data", (bytes) => stderr += bytes);
  const code = await new Promise<number | string>((resolve) => {
    child.on("close", (code, signal) => resolve(code ?? signal!));
  });
  const lines = (text: string) => text.split("\n").filter((line) => line !== "").sort();
  return {
    said: lines(stdout),
    complained: lines(stderr).filter((line) =>
      /^(Process .*:|KeyboardInterrupt)$/.test(line)
    ),
    code,
  };
}

for (const [name, [ready, said, code]] of Object.entries(PROGRAMS)) {
  test(`Ctrl-C: ${name}, as in CPython`, async () => {
    const own = await interrupt(
      programCommand("tests/children/ctrl_c.ts", { args: [name] }),
      ready,
    );
    const all = [...said, ...Array<string>(ready).fill("ready")].sort();
    deepStrictEqual(own.said, all);
    strictEqual(own.code, code);
    if (python === undefined) return;
    const command = [python.command, "tests/children/ctrl_c.py", name];
    const theirs = async () => {
      const first = await interrupt(command, ready);
      // On a busy machine CPython ends a child now and then before that has complained.
      const isShort = first.complained.length < own.complained.length;
      return isShort ? await interrupt(command, ready) : first;
    };
    deepStrictEqual(await remembered(command, theirs), own);
  });
}

test("a second Ctrl-C ends who tidies up for long", async () => {
  const { said, code } = await interrupt(
    programCommand("tests/children/ctrl_c_again.ts"),
    1,
    (text, press) => {
      if (text.endsWith("tidying up\n")) press();
    },
  );
  deepStrictEqual(said, ["ready", "tidying up"]);
  strictEqual(code, "SIGINT");
});

const IGNORING = testsWith({
  skip: (process.platform !== "linux" && "only Linux tells what is ignored") ||
    (runtimeName === "node" && "Node itself ignores nothing that it was told to"),
});

for (const dump of ["0", "1"]) {
  const also = dump === "1" ? ", and listens to another signal" : "";
  IGNORING.test(`Ctrl-C is not heard by who was started to ignore it${also}`, async () => {
    const program = programCommand("tests/children/ctrl_c_again.ts", {
      args: ["once"],
    });
    const start = `trap "" INT; export MULTIPROCESSING_DUMP=${dump}; exec "$@"`;
    const { said, code } = await interrupt(["sh", "-c", start, "sh", ...program], 1);
    ok(said.includes("done"), said.join());
    strictEqual(code, 0);
  });
}
