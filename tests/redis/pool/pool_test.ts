/** `Pool` of the context `redis`: its methods, with workers on this machine. */
import { deepStrictEqual, ok, rejects, strictEqual, throws } from "node:assert/strict";
import process from "node:process";
import "../../../mod.ts";
import { get_context } from "../../../src/redis/mod.ts";
import { freePort, ON_SERVER } from "../server.ts";
import {
  add,
  begin,
  beginsBadly,
  count,
  echo,
  fails,
  later,
  pass,
  pid,
  rest,
  spin,
  square,
  unsendable,
  wasBegun,
} from "./pool_targets.ts";

const SQUARES = [1, 4, 9, 16, 25];
const NUMBERS = [1, 2, 3, 4, 5];

ON_SERVER.test("all methods give what they give elsewhere", async (server) => {
  const mp = server.context();
  const pool = mp.Pool(2);
  strictEqual(String(pool), "<multiprocessing.pool.Pool state=RUN pool_size=2>");
  deepStrictEqual(await pool.map(square, NUMBERS), SQUARES);
  deepStrictEqual(await pool.map(square, NUMBERS, 2), SQUARES);
  deepStrictEqual(await pool.map(square, []), []);
  strictEqual(await pool.apply(add, [1, 2]), 3);
  strictEqual(await pool.apply(later, ["x"]), "x");
  deepStrictEqual(await pool.starmap(add, [[1, 2], [3, 4]]), [3, 7]);
  deepStrictEqual(await pool.starmap_async(add, [[1, 2], [3, 4]]).get(), [3, 7]);
  deepStrictEqual(await Array.fromAsync(pool.imap(square, NUMBERS, 2)), SQUARES);
  const unordered = await Array.fromAsync(pool.imap_unordered(square, NUMBERS));
  deepStrictEqual(unordered.sort((a, b) => a - b), SQUARES);
  ok((await pool.apply(pid)) !== process.pid);
  const called: unknown[] = [];
  const callback = (value: unknown) => void called.push(value);
  const result = pool.apply_async(square, [7], { callback });
  strictEqual(await result.get(), 49);
  strictEqual(result.successful(), true);
  const error_callback = (error: unknown) => void called.push((error as Error).name);
  const failing = pool.map_async(fails, [1, 2], { error_callback });
  await failing.wait();
  strictEqual(failing.successful(), false);
  deepStrictEqual(called, [49, "RangeError"]);
  deepStrictEqual(pool.stats().state, "RUN");
  strictEqual(pool.stats().failed, 2);
  pool.close();
  await pool.join();
});

ON_SERVER.test("values of all kinds, and those that cannot be sent", async (server) => {
  await using pool = server.context().Pool(1);
  const values = [
    ...[null, true, 2n ** 70n, -0, 1.5, "é".repeat(2000), [1, [2]], { a: { b: 1 } }],
    ...[new Uint8Array([1, 2]), [1.5, 2], [1, 2], new Map([[1, new Set([2])]])],
    new Uint8Array(3_000_000).fill(7),
  ];
  for (const value of values) deepStrictEqual(await pool.apply(echo, [value]), value);
  deepStrictEqual(await pool.map(echo<unknown>, values), values);
  await rejects(pool.apply(unsendable), { name: "MaybeEncodingError" });
  await rejects(pool.apply(() => 1), { name: "PicklingError" });
  await rejects(pool.apply(echo, [() => 1] as never), { name: "PicklingError" });
  const error = await pool.apply(fails, [3]).catch((error) => error);
  strictEqual(`${error.name}: ${error.message}`, "RangeError: no 3");
  strictEqual(error.cause.name, "RemoteTraceback");
  const reader = pool.imap(fails, [1]);
  await rejects(async () => await reader.next(), { name: "RangeError" });
});

ON_SERVER.test("arguments are checked as elsewhere", async (server) => {
  const mp = server.context();
  throws(() => mp.Pool(0), /ValueError: Number of processes must be at least 1/);
  throws(() => mp.Pool(1, beginsBadly, [], 0), /maxtasksperchild must be a positive/);
  throws(() => mp.Pool(1, 3 as never), /TypeError: initializer must be a callable/);
  throws(() => mp.Pool({ retries: -1 }), /retries must be non-negative/);
  throws(() => mp.Pool({ where: 3 as never }), /where must be a label, not int/);
  throws(
    () => mp.Pool({ where: ["gpu", null] as never }),
    /where must be a label, not/,
  );
  throws(() => mp.Pool({ where: ["gpu", "a b"] }), /a label has 1 to 200 characters/);
  throws(() => mp.Pool({ hosts: [] } as never), /unexpected keyword argument/);
  const pool = new mp.Pool({ processes: 1 });
  await rejects(pool.map(square, 3 as never), /'int' object is not iterable/);
  await rejects(pool.map(square, [1], 0), /Chunksize must be 1\+, not 0/);
  await rejects(pool.join(), /Pool is still running/);
  throws(() => pool.stream(), { name: "NotImplementedError" });
  pool.close();
  throws(() => pool.apply_async(square, [1]), /Pool not running/);
  await pool.join();
});

ON_SERVER.test("an initializer comes first; one that fails fails the pool", async (server) => {
  const mp = server.context();
  const pool = mp.Pool(2, begin, ["so"]);
  strictEqual(await pool.apply(wasBegun), "so");
  await pool.terminate();
  const bad = mp.Pool({ processes: 1, initializer: beginsBadly });
  await rejects(bad.apply(square, [1]), (error: Error) => {
    strictEqual(error.name, "WorkerLostError");
    ok(/the pool gives up: \d workers in a row/.test(error.message));
    strictEqual((error.cause as Error).message, "no start");
    return true;
  });
  await bad.join();
});

ON_SERVER.test("workers make room after so many tasks", async (server) => {
  await using pool = server.context().Pool(1, { maxtasksperchild: 2 });
  const pids = await pool.map(pid as () => number, [1, 2, 3, 4, 5, 6], 1);
  deepStrictEqual([pids[0], pids[2], pids[4]], [pids[1], pids[3], pids[5]]);
  strictEqual(new Set(pids).size, 3);
  strictEqual(pool.stats().lost, 0);
});

ON_SERVER.test("a task is ended by its timeout or signal, and no other", async (server) => {
  await using pool = server.context().Pool(2);
  await pool.apply(pid);
  const others = pool.map_async(rest, [0.3, 0.3, 0.3], 1);
  await rejects(pool.apply(spin, [60], { timeout: 0.3 }), (error: Error) => {
    strictEqual(error.message, "spin(60) took longer than 0.3 s");
    return error.name === "TimeoutError";
  });
  strictEqual(await pool.apply(add, [1, 2], { timeout: 30 }), 3);
  const abort = new AbortController();
  const begun = pool.apply_async(spin, [60], { signal: abort.signal });
  await pool.apply(rest, [0.3]);
  abort.abort(new Error("enough"));
  await rejects(begun.get(), /enough/);
  strictEqual((await others.get()).length, 3);
  deepStrictEqual(await pool.map(square, NUMBERS), SQUARES);
});

ON_SERVER.test("the first to end is terminate; what waits fails", async (server) => {
  const mp = server.context();
  const pool = mp.Pool(1);
  const results = [1, 2, 3].map(() => pool.apply_async(rest, [60]));
  await pool.apply_async(square, [1]).wait({ timeout: 0.1 });
  await pool.terminate();
  for (const result of results) {
    await rejects(result.get(), /ProcessError: the pool was terminated before/);
  }
  await pool.join();
  await pool.terminate();
});

ON_SERVER.test("what is not wanted any more is not begun", async (server) => {
  const mp = server.context();
  await using pool = mp.Pool(1);
  const counter = mp.Value("i", 0);
  const abort = new AbortController();
  const seconds = new Array<number>(50).fill(0.2);
  let isBegun = () => {};
  const begun = new Promise<void>((resolve) => isBegun = resolve);
  const progress = (done: number) => void (done > 0 && isBegun());
  const job = pool.map_async(rest, seconds, 1, { signal: abort.signal, progress });
  const behind = pool.apply_async(count, [counter]);
  await begun;
  abort.abort(new Error("enough"));
  await rejects(job.get(), /enough/);
  await behind.get();
  strictEqual(await counter.get(), 1);
  // All else would take ten seconds more.
  const begin = performance.now();
  await pool.apply(square, [1]);
  ok(performance.now() - begin < 5000);
  const reader = pool.imap_unordered(rest, Array.from({ length: 16 }, () => 0.2));
  for await (const _ of reader) break;
  strictEqual(await pool.apply(square, [3]), 9);
});

ON_SERVER.test("tasks that do not fit into the server's memory fail", async (server) => {
  await using pool = server.context().Pool(1);
  strictEqual(await pool.apply(square, [1]), 1);
  const used = Number(
    /used_memory:(\d+)/.exec(await server.text("INFO", "memory"))![1],
  );
  await server.command("CONFIG", "SET", "maxmemory", String(used - 1000));
  await rejects(pool.apply(square, [2]), (error: Error & { errno: number }) => {
    return error.name === "OSError" && error.errno === 12;
  });
  await server.command("CONFIG", "SET", "maxmemory", "0");
  strictEqual(await pool.apply(later, ["x"]), "x");
});

ON_SERVER.test("tasks use objects of the context", async (server) => {
  const mp = server.context();
  const [from, to] = [mp.Queue<number>(), mp.Queue<number>()];
  await using pool = mp.Pool(2);
  const passing = pool.starmap_async(pass, [[from, to], [from, to]]);
  await from.put(1);
  await from.put(10);
  deepStrictEqual([await to.get(), await to.get()].sort(), [11, 2]);
  await passing.get();
});

ON_SERVER.test("with a key all is signed", async (server) => {
  const mp = server.context({ authkey: new Uint8Array([1, 2, 3]) });
  await using pool = mp.Pool(2);
  deepStrictEqual(await pool.map(square, NUMBERS), SQUARES);
  strictEqual(await pool.apply(later, ["x"]), "x");
  // A result that somebody else puts there ends the pool.
  const [pools] = (await server.keys()).filter((key) => /:o:\w+:m$/.test(key));
  const waiting = pool.apply_async(rest, [60]);
  await server.command(
    "RPUSH",
    pools!.replace(/m$/, "o"),
    "D\x01\0\0\0" + "x".repeat(60),
  );
  pool.apply_async(square, [1]);
  await rejects(waiting.get(), { name: "AuthenticationError" });
});

ON_SERVER.test("a server that is not there fails what is asked for", async () => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  const mp = get_context("redis", { url, name: "test" });
  const pool = mp.Pool(1);
  await rejects(pool.map(square, [1]), { name: "ConnectionRefusedError" });
  throws(() => pool.apply_async(square, [1]), /Pool not running/);
  await pool.join();
});

ON_SERVER.test("many tasks, in whatever order they end", async (server) => {
  await using pool = server.context().Pool(3);
  const numbers = Array.from({ length: 20_000 }, (_, i) => i);
  deepStrictEqual(await pool.map(echo, numbers, 1), numbers);
  const results = numbers.slice(0, 3000).map((i) => pool.apply_async(later, [i]));
  for (const [i, result] of results.entries()) strictEqual(await result.get(), i);
  strictEqual(pool.pending, 0);
}, { timeout: 120 });
