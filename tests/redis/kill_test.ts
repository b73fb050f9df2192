/**
 * Processes are killed at random instants: no item is lost, none comes twice but those that
 * were leased twice, locks are free when the lease is over, and their tokens grow.
 * `KILL_ROUNDS` and `KILL_SEED` in the environment change how often, and which instants.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { Process } from "../../mod.ts";
import { random } from "../kill/items.ts";
import { test } from "../suite.ts";
import { consume, hold, type Numbered, produce } from "./kill_targets.ts";
import { noServer, ON_DISK, type Server, until, withServer } from "./server.ts";
import { ADDRESS, LEASE } from "./targets.ts";

/** To start a process takes most of the time. */
const ROUNDS = Math.ceil(Number(process.env["KILL_ROUNDS"] ?? 150) / 5);
const SEED = Number(process.env["KILL_SEED"] ?? 20261130);

const next = random(SEED);
const choose = (below: number) => Math.floor(next() * below);

async function withVictims(
  fn: (server: Server) => Promise<void>,
  ...args: string[]
): Promise<void> {
  await withServer(async (server) => {
    process.env[ADDRESS] = server.url;
    try {
      await fn(server);
    } finally {
      delete process.env[ADDRESS];
    }
  }, ...args);
}

async function start(target: (...args: never[]) => unknown, ...args: unknown[]) {
  const victim = new Process({ target, args } as never);
  await victim.start();
  return victim;
}

/** Kills one, and gives another one that does the same. */
async function kill(victim: Process): Promise<void> {
  victim.kill();
  await victim.join();
}

test("SIGKILL of producers and consumers", () =>
  withVictims(async (server) => {
    const mp = server.context({ lease: LEASE });
    const jobs = mp.JoinableQueue<Numbered>({ name: "jobs", redeliver: 1000 });
    const done = mp.Queue<Numbered>({ name: "done", prefetch: 100 });
    await jobs.qsize();
    const seen = new Map<number, number[]>();
    let count = 0;
    const see = async (until: () => boolean) => {
      while (!until()) {
        const [producer, number] = await done.get();
        const numbers = seen.get(producer);
        if (numbers === undefined) seen.set(producer, [number]);
        else numbers.push(number);
        count++;
      }
    };
    let producers = 0, consumerKills = 0;
    let producer = await start(produce, producers++);
    const consumers = [await start(consume, 0), await start(consume, 5)];
    for (let round = 0; round < ROUNDS; round++) {
      const goal = count + 1 + choose(200);
      await see(() => count >= goal);
      if (choose(3) === 0) {
        await kill(producer);
        producer = await start(produce, producers++);
      } else {
        const at = choose(2);
        await kill(consumers[at]!);
        consumerKills++;
        consumers[at] = await start(consume, at * 5);
      }
      if (round === ROUNDS >> 1) {
        await server.kill();
        await server.start();
      }
    }
    await kill(producer);
    const seeing = see(() => false).catch(({ name }) => strictEqual(name, "ShutDown"));
    await jobs.join();
    await Promise.all(consumers.map(kill));
    await done.shutdown();
    await seeing;
    deepStrictEqual(await jobs.dead_letters(), []);
    let doubles = 0;
    for (const numbers of seen.values()) {
      const each = new Set(numbers);
      doubles += numbers.length - each.size;
      // None is missing before the last that is there.
      strictEqual(each.size, Math.max(...each) + 1);
    }
    // A consumer deals with one at a time: it may have put it on and not said so.
    ok(doubles <= consumerKills + 1, `${doubles} doubles, ${consumerKills} kills`);
    await until(async () => await server.command("ZCARD", "{mp:test}:sessions") === 1);
    await mp.unlink();
  }, ...ON_DISK), {
  skip: noServer,
  timeout: 280,
});

test("SIGKILL of holders of a lock", () =>
  withVictims(async (server) => {
    const mp = server.context({ lease: LEASE });
    const tokens = mp.Queue<number>({ name: "tokens" });
    const lock = mp.Lock({ name: "door" });
    const holders = [await start(hold), await start(hold), await start(hold)];
    let last = 0;
    for (let round = 0; round < ROUNDS / 3; round++) {
      for (let count = choose(50); count >= 0; count--) {
        const token = await tokens.get();
        ok(token > last, `${token} after ${last}`);
        last = token;
      }
      const at = choose(3);
      await kill(holders[at]!);
      holders[at] = await start(hold);
    }
    await Promise.all(holders.map(kill));
    strictEqual(await lock.acquire(), true); // by the end of a lease
    ok(lock.token! > last);
    await lock.release();
    await until(async () => await server.command("ZCARD", "{mp:test}:sessions") === 1);
    await mp.unlink();
  }), { skip: noServer, timeout: 280 });
