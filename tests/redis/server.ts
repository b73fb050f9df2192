/**
 * Real servers for the tests of `src/redis/`: each test starts its own, on a free port of the
 * loopback, and asks it in the end what was left in the database.
 */
import { deepStrictEqual } from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { get_context, type RedisContext, type RedisOptions } from "../../src/redis.ts";
import type { Connection, Reply } from "../../src/redis/driver/connection.ts";
import { listOf, textOf } from "../../src/redis/driver/connection.ts";
import { currentPeer } from "../../src/link/peer.ts";
import { toAddress } from "../../src/redis/driver/open.ts";
import { deferred } from "../helpers/deferred.ts";
import { type Tests, testsWith } from "../suite.ts";

/** Programs that will do, in this order. */
const PROGRAMS = ["valkey-server", "redis-server"];

/** The program of the server; undefined if there is none. */
export const serverProgram: string | undefined = find();

/** Why tests with a server cannot run here. */
export const noServer: string | false = serverProgram === undefined &&
  `neither ${PROGRAMS.join(" nor ")} is on the PATH`;

function find(): string | undefined {
  for (const name of PROGRAMS) {
    for (const folder of (process.env["PATH"] ?? "").split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // not there
      }
    }
  }
  return undefined;
}

/** A port that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address!.port : 0));
    });
  });
}

/** A running server. */
export class Server {
  readonly port: number;
  readonly #args: readonly string[];
  readonly #folder = mkdtempSync(join(tmpdir(), "pystd-redis-"));
  readonly #contexts: RedisContext[] = [];
  #process: ChildProcess | undefined;
  #admin: Connection | undefined;

  constructor(port: number, args: readonly string[]) {
    this.port = port;
    this.#args = args;
  }

  /** Starts one. @param args More arguments of the program. */
  static async start(...args: string[]): Promise<Server> {
    const server = new Server(await freePort(), args);
    await server.start();
    return server;
  }

  /** Its address, for a client. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Its process id. */
  get pid(): number {
    return this.#process!.pid!;
  }

  /** Starts it, or starts it again; resolves when it accepts connections. */
  start(): Promise<void> {
    const { promise, resolve, reject } = deferred<void>();
    const started = spawn(serverProgram!, [
      ...["--port", String(this.port), "--bind", "127.0.0.1", "--save", ""],
      ...["--dir", this.#folder, "--enable-debug-command", "yes", ...this.#args],
    ], { stdio: ["ignore", "pipe", "ignore"] });
    this.#process = started;
    let said = "";
    started.stdout!.on("data", (chunk) => {
      said += chunk;
      if (/Ready to accept connections/.test(said)) resolve();
    });
    started.once("exit", () => reject(new Error(`the server has ended:\n${said}`)));
    return promise;
  }

  /** Ends it; resolves when it has ended. */
  async kill(signal: "SIGKILL" | "SIGTERM" = "SIGKILL"): Promise<void> {
    this.#admin?.close();
    this.#admin = undefined;
    const ended = this.ended(); // before: Deno sets the signal's name at once
    this.#process!.kill(signal);
    await ended;
  }

  /** Resolves when it has ended, by whom it may be. */
  async ended(): Promise<void> {
    const ended = this.#process!;
    if (ended.exitCode !== null || ended.signalCode !== null) return;
    const { promise, resolve } = deferred<void>();
    ended.once("exit", () => resolve());
    await promise;
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Sends a command of the test's own. */
  async command(...args: string[]): Promise<Reply> {
    return await kept(this.#command(args));
  }

  async #command(args: readonly string[]): Promise<Reply> {
    this.#admin ??= await toAddress(this.url)(() => this.#admin = undefined);
    return await this.#admin.send(args);
  }

  /** The same, with the reply as text. */
  async text(...args: string[]): Promise<string> {
    return textOf(await this.command(...args));
  }

  /** All keys in the database. */
  async keys(): Promise<string[]> {
    return listOf(await this.command("KEYS", "*")).map(textOf).sort();
  }

  /** A context on this server, which is shut down at the end of the test. */
  context(options: RedisOptions = {}): RedisContext {
    const context = get_context("redis", { url: this.url, name: "test", ...options });
    this.#contexts.push(context);
    return context;
  }

  /** Shuts all contexts down. */
  async shutdown(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map((context) => context.shutdown()));
  }
}

/** Arguments of a server that keeps all it was told when it is killed. */
export const ON_DISK = ["--appendonly", "yes", "--appendfsync", "always"] as const;

/** Gives a test a server, and looks whether its contexts have left anything there. */
export async function withServer(
  fn: (server: Server) => void | Promise<void>,
  ...args: string[]
): Promise<void> {
  const server = await Server.start(...args);
  try {
    await fn(server);
    await server.shutdown();
    deepStrictEqual(await server.keys(), [], "left in the database");
  } finally {
    await server.shutdown().catch(() => {});
    await server.stop();
  }
}

/** Tests that need a server. */
export const ON_SERVER: Tests<Server> = testsWith<Server>(
  { skip: noServer },
  (fn) => withServer(fn),
);

/** Keeps the process alive until a promise settles: connections do not. */
export function kept<T>(promise: Promise<T>): Promise<T> {
  return currentPeer().refWhile(promise);
}

/** Why Deno's checks for leaks are off for tests with other libraries. */
export const LIBRARY_TIMERS =
  "ioredis does not clear its timers when it is disconnected";

/** Calls `ask` until it gives something truthy: for what only the server can tell. */
export async function until<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
  }
}
