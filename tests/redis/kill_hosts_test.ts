/**
 * Everything is killed at random instants, on two hosts: producers, consumers, holders of a
 * lock, workers of a pool, agents; hosts are cut off for a moment; the server is restarted. No
 * item is lost, none comes twice but those that were leased twice; every task has its result;
 * the lock is free when the lease is over, and its tokens grow; nothing is left on the server.
 *
 * Each host has its own way to the server, and an agent there. `REDIS_KILLS` in the environment
 * says how often: `REDIS_KILLS=500 deno test -A --no-check tests/redis/kill_hosts_test.ts`.
 */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { Empty } from "../../mod.ts";
import type { RedisContext, RedisQueue } from "../../src/redis.ts";
import { random } from "../kill/items.ts";
import { test } from "../suite.ts";
import { startAgent, stopAgent } from "./agents.ts";
import { consume, hold, type Numbered, produce } from "./kill_targets.ts";
import { echo, pid } from "./pool/pool_targets.ts";
import { Proxy } from "./proxy.ts";
import { noServer, ON_DISK, type Server, until, withServer } from "./server.ts";
import { ADDRESS, LEASE } from "./targets.ts";

const ROUNDS = Number(
  process.env["REDIS_KILLS"] ??
    Math.ceil(Number(process.env["KILL_ROUNDS"] ?? 150) / 10),
);
const next = random(Number(process.env["KILL_SEED"] ?? 20261130));
const choose = (below: number) => Math.floor(next() * below);

/** Seconds for a round on a busy machine. */
const ROUND = 6;

/** Seconds for all of them. */
const TIMEOUT = Math.max(280, ROUNDS * ROUND);

/** Seconds that an agent has to come back which was taken for dead. */
const START_TIMEOUT = 60;

/** Processes that an agent takes: three of ours, and both workers, each beside its follower. */
const ROOM = "10";

/** Tasks of the pool that are not done at the same time. */
const TASKS = 20;

type Kind = "producer" | "consumer" | "holder";

/** What may happen in a round, some more often. */
const EVENTS = [
  ...["producer", "consumer", "consumer", "consumer", "holder", "holder"],
  ...["worker", "worker", "cut", "agent"],
] as const;

type Target = (...args: never[]) => unknown;
const TARGETS: Record<Kind, Target> = {
  producer: produce,
  consumer: consume,
  holder: hold,
};

/** A process that a host runs, and starts again as often as it is killed. */
class Victim {
  readonly kind: Kind;
  #process: InstanceType<RedisContext["Process"]> | undefined;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  async start(mp: RedisContext, where: string, arg: number): Promise<void> {
    const args = this.kind === "holder" ? [] : [arg];
    const target = TARGETS[this.kind];
    const options = { target, args, where, start_timeout: START_TIMEOUT };
    const made = new mp.Process(options as never);
    this.#process = made;
    await made.start();
    // It waits if the agent was taken for dead before it had it.
    await until(async () => made.pid !== null || await made.join(0.01) || this.isLost);
  }

  /** Its agent was taken for dead: on a busy machine a moment can be a lease. */
  get isLost(): boolean {
    return this.#process !== undefined && !this.#process.is_alive();
  }

  /** By the system, so that nobody knows before. */
  async kill(): Promise<void> {
    const { pid } = this.#process!;
    try {
      if (!this.isLost) process.kill(pid!, "SIGKILL");
    } catch (error) {
      strictEqual((error as { code: string }).code, "ESRCH"); // its agent was cut off
    }
    await this.ended();
  }

  async ended(): Promise<void> {
    await this.#process!.join();
    strictEqual(this.#process!.exitcode, -9);
  }
}

/** What stands for a host: a way to the server, an agent, and its processes. */
class Host {
  readonly name: string;
  readonly proxy: Proxy;
  readonly victims = (["producer", "consumer", "holder"] as const)
    .map((kind) => new Victim(kind));
  #agent: Awaited<ReturnType<typeof startAgent>> | undefined;

  constructor(name: string, proxy: Proxy) {
    this.name = name;
    this.proxy = proxy;
  }

  async startAgent(server: Server): Promise<void> {
    const args = ["--where", this.name, "--host", this.name, "--processes", ROOM];
    const { url } = this.proxy;
    const env = { [ADDRESS]: url };
    this.#agent = await startAgent(server, args, { url, env, timeout: TIMEOUT });
  }

  /** Its processes end with it; resolves when the server has noticed. */
  async killAgent(server: Server): Promise<void> {
    const agent = this.#agent!;
    process.kill(agent.pid, "SIGKILL");
    await Promise.all(this.victims.map((victim) => victim.ended()));
    await agent.finished;
    await until(async () => await server.command("HLEN", "{mp:test}:o:agents:g") === 1);
  }

  async stop(): Promise<void> {
    await stopAgent(this.#agent!);
  }

  async close(): Promise<void> {
    this.#agent?.kill("SIGKILL");
    await this.proxy.close();
  }
}

/** The items that were dealt with, by producer. */
class Ledger {
  readonly #numbers = new Map<number, number[]>();
  #count = 0;

  add([producer, number]: Numbered): void {
    const numbers = this.#numbers.get(producer);
    if (numbers === undefined) this.#numbers.set(producer, [number]);
    else numbers.push(number);
    this.#count++;
  }

  get count(): number {
    return this.#count;
  }

  /** None is missing before the last that is there; gives how many came more than once. */
  check(): number {
    let doubles = 0;
    for (const [producer, numbers] of this.#numbers) {
      const each = new Set(numbers);
      doubles += numbers.length - each.size;
      strictEqual(each.size, Math.max(...each) + 1, `items of ${producer} are lost`);
    }
    return doubles;
  }
}

/** All that goes on, and what became of it. */
class Arena {
  readonly #server: Server;
  readonly #hosts: Host[];
  readonly #mp: RedisContext;
  readonly #jobs;
  readonly #done;
  readonly #tokens;
  readonly #pool;
  readonly #ledger = new Ledger();
  readonly #results: Promise<void>[] = [];
  readonly kills: Record<string, number> = {};
  #producers = 0;
  #lastToken = 0;

  constructor(server: Server, hosts: Host[]) {
    this.#server = server;
    this.#hosts = hosts;
    const mp = this.#mp = server.context({ lease: LEASE });
    this.#jobs = mp.JoinableQueue<Numbered>({ name: "jobs", redeliver: 1000 });
    this.#done = mp.Queue<Numbered>({ name: "done", prefetch: 100 });
    this.#tokens = mp.Queue<number>({ name: "tokens", prefetch: 100 });
    this.#pool = mp.Pool({ processes: 2, retries: 1000 });
  }

  async begin(): Promise<void> {
    await this.#jobs.qsize();
    for (const host of this.#hosts) {
      await host.startAgent(this.#server);
      await Promise.all(host.victims.map((victim) => this.#start(host, victim)));
    }
  }

  #start(host: Host, victim: Victim): Promise<void> {
    const arg = victim.kind === "producer" ? this.#producers++ : choose(2) * 5;
    return victim.start(this.#mp, host.name, arg);
  }

  async round(): Promise<void> {
    await this.#startLost();
    this.#addTasks();
    await this.#see(1 + choose(50));
    await this.#seeTokens(1 + choose(10));
    const event = EVENTS[choose(EVENTS.length)]!;
    const host = this.#hosts[choose(this.#hosts.length)]!;
    this.#count(event);
    if (event === "agent") {
      await host.killAgent(this.#server);
      await host.startAgent(this.#server);
      await Promise.all(host.victims.map((victim) => this.#start(host, victim)));
    } else if (event === "worker") {
      process.kill(await this.#pool.apply(pid, []), "SIGKILL");
    } else if (event === "cut") {
      host.proxy.cut();
      await this.#see(20); // from the other
      host.proxy.heal();
    } else {
      const victim = host.victims.find(({ kind }) => kind === event)!;
      await victim.kill();
      await this.#start(host, victim);
    }
  }

  /** What a process has is still there, as every write is on the disk. */
  async restartServer(): Promise<void> {
    await this.#server.kill();
    await this.#server.start();
  }

  #addTasks(): void {
    for (let i = 0; i < TASKS; i++) {
      const x = this.#results.length;
      const result = this.#pool.apply_async(echo<number>, [x]).get();
      const checked = result.then((back) => strictEqual(back, x));
      checked.catch(() => {}); // it is awaited at the end
      this.#results.push(checked);
    }
  }

  async #see(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      this.#ledger.add(await this.#next(this.#done));
    }
  }

  /** An item; processes are started again meanwhile whose agent was taken for dead. */
  async #next<T>(q: RedisQueue<T>): Promise<T> {
    for (;;) {
      try {
        return await q.get({ timeout: LEASE });
      } catch (error) {
        if (!(error instanceof Empty)) throw error;
        await this.#startLost();
      }
    }
  }

  async #startLost(): Promise<void> {
    for (const host of this.#hosts.filter(({ proxy }) => !proxy.isCut)) {
      for (const victim of host.victims.filter(({ isLost }) => isLost)) {
        await victim.ended();
        this.#count("lost");
        await this.#start(host, victim);
      }
    }
  }

  #count(what: string): void {
    this.kills[what] = (this.kills[what] ?? 0) + 1;
  }

  async #seeTokens(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const token = await this.#next(this.#tokens);
      ok(token > this.#lastToken, `${token} after ${this.#lastToken}`);
      this.#lastToken = token;
    }
  }

  /** Ends all; gives how many items came more than once. */
  async end(): Promise<number> {
    const all = (...kinds: Kind[]) =>
      Promise.all(
        this.#hosts.flatMap(({ victims }) => victims)
          .filter(({ kind }) => kinds.includes(kind)).map((victim) => victim.kill()),
      );
    await all("producer", "holder");
    const seeing = (async () => {
      for await (const item of this.#done) this.#ledger.add(item);
    })();
    await this.#jobs.join();
    await all("consumer");
    await this.#done.shutdown();
    await seeing;
    deepStrictEqual(await this.#jobs.dead_letters(), []);
    const lock = this.#mp.Lock({ name: "door" });
    strictEqual(await lock.acquire(), true); // by the end of a lease
    ok(lock.token! > this.#lastToken);
    await lock.release();
    await Promise.all(this.#results);
    this.#pool.close();
    await this.#pool.join();
    for (const host of this.#hosts) await host.stop();
    return this.#ledger.check();
  }

  /** Nobody else is on the server after a lease, and nothing of theirs. */
  async leave(): Promise<void> {
    const sessions = "{mp:test}:sessions";
    await until(async () => await this.#server.command("ZCARD", sessions) === 1);
    await this.#mp.unlink();
  }
}

test(
  "SIGKILL of everything on two hosts",
  () =>
    withServer(async (server) => {
      const hosts = [
        new Host("one", await Proxy.to(server)),
        new Host("two", await Proxy.to(server)),
      ];
      try {
        const arena = new Arena(server, hosts);
        await arena.begin();
        for (let round = 0; round < ROUNDS; round++) {
          await arena.round();
          if (round === ROUNDS >> 1) await arena.restartServer();
        }
        const doubles = await arena.end();
        const { consumer = 0, agent = 0, lost = 0 } = arena.kills;
        console.log(`${JSON.stringify(arena.kills)}: ${doubles} items came twice`);
        // A consumer deals with one at a time: it may have put it on and not said so.
        const most = consumer + agent + lost + 2 * hosts.length;
        ok(doubles <= most, `${doubles} doubles, ${most} consumers killed`);
        await arena.leave();
      } finally {
        for (const host of hosts) await host.close();
      }
    }, ...ON_DISK),
  {
    skip: noServer,
    timeout: TIMEOUT,
  },
);
