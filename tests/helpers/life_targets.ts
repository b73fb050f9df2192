/** What a child process does while it is asked whether anything may still happen in it. */
import { hasOtherLife, watchLife } from "../../src/runtime/life.ts";
import { runtime } from "../../src/runtime/mod.ts";
import type { SimpleQueue } from "../../src/queues.ts";

/** Begins something; gives the function that ends it. */
type Begin = () => Promise<() => void>;

/** A server without connections. */
async function listen() {
  const { createServer } = await import("node:net");
  const server = createServer(() => {}).listen(0, "127.0.0.1");
  await new Promise<void>((resolve) => server.on("listening", () => resolve()));
  return server;
}

/** Things by which something may happen. */
export const LIVELY: Record<string, Begin> = {
  async timer() {
    const timer = await Promise.resolve(setTimeout(() => {}, 600_000));
    return () => clearTimeout(timer);
  },
  async interval() {
    const timer = await Promise.resolve(setInterval(() => {}, 600_000));
    return () => clearInterval(timer);
  },
  async server() {
    const server = await listen();
    return () => void server.close();
  },
  async connection() {
    const { connect } = await import("node:net");
    const server = await listen();
    const socket = connect((server.address() as { port: number }).port, "127.0.0.1");
    await new Promise<void>((resolve) => socket.on("connect", () => resolve()));
    return () => {
      socket.destroy();
      server.close();
    };
  },
  async child() {
    const { spawn } = await import("node:child_process");
    const child = spawn(process.execPath, ["--version"], {
      stdio: ["pipe", "ignore", "ignore"],
    });
    await new Promise<void>((resolve) => child.on("spawn", () => resolve()));
    process.kill(child.pid!, "SIGSTOP");
    return () => void child.kill("SIGKILL");
  },
  async signal() {
    const listener = () => {};
    await Promise.resolve(process.on("SIGUSR1", listener));
    return () => void process.off("SIGUSR1", listener);
  },
  async thread() {
    const { Worker } = await import("node:worker_threads");
    const worker = new Worker("setTimeout(() => {}, 600_000)", { eval: true });
    return () => void worker.terminate();
  },
};

/** Things by which nothing happens any more, or that only end the program. */
export const LIFELESS: Record<string, Begin> = {
  nothing: () => Promise.resolve(() => {}),
  async files() {
    const { readFile } = await import("node:fs/promises");
    for (let i = 0; i < 20; i++) await readFile(new URL(import.meta.url));
    return () => {};
  },
  async ended() {
    const timer = setTimeout(() => {}, 600_000);
    clearTimeout(timer);
    const server = await listen();
    await new Promise<void>((resolve) => server.close(() => resolve()));
    return () => {};
  },
  async terminated() {
    const listener = () => {};
    await Promise.resolve(process.on("SIGTERM", listener));
    return () => void process.off("SIGTERM", listener);
  },
  async ours() {
    const timer = await Promise.resolve(runtime.setTimer(() => {}, 600_000));
    return () => runtime.clearTimer(timer);
  },
};

/** Puts whether anything may happen, by what was begun; what is over may take a moment. */
export async function tell(
  answers: SimpleQueue<[string, boolean | null]>,
): Promise<void> {
  watchLife();
  for (const [name, begin] of Object.entries({ ...LIFELESS, ...LIVELY })) {
    const end = await begin();
    const expected = name in LIVELY;
    let life = hasOtherLife();
    for (let i = 0; i < 100 && life !== expected; i++) {
      await new Promise<void>((resolve) => void runtime.setTimer(resolve, 20));
      life = hasOtherLife();
    }
    await answers.put([name, life]);
    end();
  }
}
