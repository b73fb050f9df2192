/** Programs with threads of `multiprocessing.dummy`; the argument chooses one. */
import process from "node:process";
import { ValueError } from "../../mod.ts";
import { Event, Process, Queue } from "../../src/dummy.ts";
import { SystemExit } from "../../src/python/errors.ts";

function boom(): never {
  throw new ValueError("no luck");
}

const programs: Record<string, () => Promise<void>> = {
  async errors() {
    const p = new Process({ target: boom });
    const quiet = new Process({
      target: () => {
        throw new SystemExit(3);
      },
    });
    await Promise.all([p.start(), quiet.start()]);
    await Promise.all([p.join(), quiet.join()]);
    console.log(p.exitcode, quiet.exitcode);
  },
  async daemon() {
    const p = new Process({ target: () => Queue().get() });
    const timed = new Process({ target: () => Event().wait(30) });
    p.daemon = timed.daemon = true;
    await Promise.all([p.start(), timed.start()]);
    console.log("the end");
  },
  async busy() {
    const never = Event();
    const p = new Process({
      target: async () => {
        while (!await never.is_set());
      },
    });
    p.daemon = true;
    await p.start();
    await Event().wait(0.01);
    console.log("the end");
  },
  async foreground() {
    const p = new Process({
      target: async () => console.log("thread ends", await Event().wait(0.05)),
    });
    await p.start();
    console.log("main ends");
  },
  async interrupt() {
    const event = Event();
    const p = new Process({
      target: async () => console.log("set", await event.wait()),
    });
    await p.start();
    process.kill(process.pid, "SIGINT");
    await p.join().catch((error) => console.log(error.name));
    await event.set();
    await p.join();
  },
};

await programs[process.argv[2]!]!();
