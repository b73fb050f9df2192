// Programs that Ctrl-C is pressed in; the argument chooses one. See ctrl_c.py.
import process from "node:process";
import {
  Barrier,
  Condition,
  Event,
  KeyboardInterrupt,
  Lock,
  Manager,
  Pipe,
  Pool,
  Process,
  Queue,
} from "../../mod.ts";
import { Client, Listener, wait } from "../../src/connection.ts";

function say(...words: unknown[]): void {
  const text = words.map((word) => typeof word === "object" ? show(word) : word);
  console.log(text.join(" "));
}

function show(list: unknown): string {
  return JSON.stringify(list).replaceAll(",", ", ");
}

/** Goes on only after a `KeyboardInterrupt`. */
function caught(error: unknown): void {
  if (!(error instanceof KeyboardInterrupt)) throw error;
}

const WAITS: Record<string, () => Promise<unknown>> = {
  event: () => Event().wait(),
  queue: () => Queue().get(),
  async lock() {
    const lock = Lock();
    await lock.acquire();
    await lock.acquire();
  },
  condition() {
    const condition = Condition();
    return condition.with(() => condition.wait());
  },
  barrier: () => Barrier(2).wait(),
  async pipe() {
    const [a, b] = Pipe();
    await a.recv();
    b.close();
  },
  async poll() {
    const [a, b] = Pipe();
    await a.poll(null);
    b.close();
  },
  async wait() {
    const [a, b] = Pipe();
    await wait([a]);
    b.close();
  },
};

export async function waitIn(what: string, name: string): Promise<void> {
  try {
    say("ready");
    await WAITS[what]!();
  } catch (error) {
    caught(error);
    say(name, "interrupted in", what);
  } finally {
    say(name, "tidies up after", what);
  }
}

export async function waitUncaught(q: Queue<string>): Promise<void> {
  try {
    say("ready");
    await q.get();
  } finally {
    say("child tidies up");
  }
}

export async function withOwnHandler(q: Queue<string>): Promise<void> {
  process.on("SIGINT", () => {
    say("child handles");
    q.put("handled");
  });
  say("ready");
  say("child got", await q.get());
}

export function ignore(): void {
  process.on("SIGINT", () => {});
}

export function square(x: number): number {
  return x * x;
}

export async function longTask(_i: number): Promise<void> {
  say("ready");
  await Event().wait();
}

export async function withTermHandler(): Promise<void> {
  ignore();
  process.on("SIGTERM", () => {
    say("child ends by its handler");
    process.exit(5);
  });
  say("ready");
  await Event().wait();
}

export async function ignoreAndWait(): Promise<void> {
  ignore();
  say("ready");
  await Event().wait();
}

const PROGRAMS: Record<string, () => Promise<void>> = {
  async join() {
    const p = new Process({ target: waitIn, args: ["event", "child"] });
    p.start();
    try {
      await p.join();
    } catch (error) {
      caught(error);
      say("main interrupted");
    } finally {
      say("main tidies up");
    }
    await p.join();
    say("exit code", p.exitcode);
  },

  async kinds() {
    const children = Object.keys(WAITS).map((what) =>
      new Process({ target: waitIn, args: [what, "child"] })
    );
    for (const p of children) p.start();
    await waitIn("queue", "main");
    for (const p of children) {
      await p.join();
      say("exit code", p.exitcode);
    }
  },

  async uncaught() {
    const p = new Process({ target: waitUncaught, args: [Queue<string>()] });
    p.start();
    try {
      await p.join();
    } finally {
      say("main tidies up");
    }
  },

  async uncaught_in_child() {
    const p = new Process({ target: waitUncaught, args: [Queue<string>()] });
    p.start();
    try {
      await p.join();
    } catch (error) {
      caught(error);
      say("main interrupted");
    }
    await p.join();
    say("exit code", p.exitcode);
  },

  async own_handler() {
    const q = Queue<string>();
    process.on("SIGINT", () => {
      say("main handles");
      q.put("from main");
    });
    const p = new Process({ target: withOwnHandler, args: [Queue<string>()] });
    p.start();
    say("main got", await q.get());
    await p.join();
    say("exit code", p.exitcode);
  },

  async pool() {
    {
      await using pool = Pool(2, { initializer: ignore });
      say(await pool.map(square, [1, 2, 3]));
      try {
        await pool.map(longTask, [1, 2]);
      } catch (error) {
        caught(error);
        say("main interrupted");
      }
    }
    say("after the pool");
  },

  async manager() {
    {
      await using manager = Manager();
      const q = await manager.Queue();
      say("ready");
      try {
        await q.get();
      } catch (error) {
        caught(error);
        say("main interrupted");
      }
    }
    say("after the manager");
  },

  async server() {
    {
      using listener = await Listener();
      try {
        say("ready");
        await listener.accept();
      } catch (error) {
        caught(error);
        say("main interrupted");
      }
    }
    say("after the listener");
  },

  async client() {
    {
      using listener = await Listener();
      const [near, far] = await Promise.all([
        Client(listener.address),
        listener.accept(),
      ]);
      try {
        say("ready");
        await near.recv();
      } catch (error) {
        caught(error);
        say("main interrupted");
      }
      near.close();
      far.close();
    }
    say("after the connection");
  },

  async terminate() {
    const p = new Process({ target: withTermHandler });
    const ignoring = new Process({ target: ignoreAndWait });
    p.start();
    ignoring.start();
    try {
      await p.join();
    } catch (error) {
      caught(error);
      say("main interrupted");
    }
    p.terminate();
    await p.join();
    say("exit code", p.exitcode);
    ignoring.terminate();
    await ignoring.join();
    say("exit code", ignoring.exitcode);
  },
};

if (import.meta.main) await PROGRAMS[process.argv[2]!]!();
