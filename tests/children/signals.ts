// Uses the adapter's part for signals and ends as the argument says.
import process from "node:process";
import { runtime } from "../../src/runtime/mod.ts";

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Sends itself a signal, and waits until somebody has been told of it. */
async function send(told: () => boolean): Promise<void> {
  process.kill(process.pid, "SIGINT");
  while (!told()) await turn();
}

const PROGRAMS: Record<string, () => unknown> = {
  async own() {
    let [own, program] = [0, 0];
    const stop = runtime.onSignal("SIGINT", () => own++);
    await send(() => own === 1);
    const listener = () => void program++;
    process.on("SIGINT", listener);
    await send(() => program === 1);
    process.off("SIGINT", listener);
    await send(() => own === 2);
    // A library that tidies up, and that leaves the end to others.
    Object.assign(globalThis, { [Symbol.for("signal-exit emitter")]: { count: 1 } });
    if (runtime.name !== "deno") process.on("SIGINT", () => {});
    await send(() => own === 3);
    console.log(own, program);
    stop();
    stop();
    process.removeAllListeners("SIGINT");
    process.kill(process.pid, "SIGINT");
    runtime.keepAlive(true);
  },
  raise() {
    runtime.onExit(() => console.log("exit handler"));
    runtime.onSignal("SIGTERM", () => console.log("never"));
    runtime.raise("SIGTERM");
    runtime.keepAlive(true);
  },
  handled() {
    runtime.onUnhandled((error) => {
      console.log("told", (error as Error).message);
      return (error as Error).message !== "fatal";
    });
    const fail = (text: string) =>
      setTimeout(() => {
        throw new Error(text);
      });
    Promise.reject(new Error("rejected"));
    setTimeout(() => fail("thrown"), 1);
    setTimeout(() => fail("fatal"), 20);
    setTimeout(() => console.log("never"), 2000);
  },
  async rejected() {
    runtime.onUnhandled(() => false);
    runtime.onExit(() => console.log("exit handler"));
    await turn();
    throw new Error("fatal");
  },
};

await PROGRAMS[process.argv[2]!]!();
