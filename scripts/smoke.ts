/**
 * Runs one program, which uses a little of everything, from the tarball on the oldest and
 * the newest version of each runtime that the README names: `deno run -A scripts/smoke.ts`.
 * `npx` fetches the versions; one that cannot be fetched is skipped, and says so.
 *
 * @module
 */
import { pack } from "./pack.ts";
import { mustRun, run } from "./project.ts";

/** What runs the program; the newest versions have no number. */
const COMMANDS = [
  ...["node@20.16.0", "node@22.3.0", "node@latest"].map((spec) => [spec]),
  ...["bun@1.2.6", "bun@1.2.20", "bun@latest"].map((spec) => [spec]),
  ...["deno@2.4.0", "deno@latest"].map((spec) => [spec, "run", "-A"]),
];

const PROGRAM = `import {
  active_children, Array as SharedArray, Barrier, Condition, cpu_count, current_process,
  Event, is_main, JoinableQueue, Lock, Manager, Pipe, Pool, Process, Queue, RLock,
  Semaphore, SimpleQueue, Value,
} from "@pystd/multiprocessing";
import { Client, Listener } from "@pystd/multiprocessing/connection";

export const square = (x) => x * x;
export function fail() { throw new RangeError("wrong"); }
export async function work(q, j, s, conn, lock, event, value, array) {
  await q.put(["queue", { a: 1n }]);
  await j.put("joinable");
  await s.put(new Map([["simple", 1]]));
  await conn.send(new Uint8Array([1, 2]));
  await lock.acquire();
  await lock.release();
  await event.set();
  value.value = 7;
  array.set(0, 3);
}
export async function sleep() { await new Promise((resolve) => setTimeout(resolve, 1e6)); }

if (is_main(import.meta)) {
  const items = [];
  const item = (name, isRight) => items.push([name, isRight]);
  item("cpu_count", cpu_count() >= 1);
  item("current_process", current_process().name === "MainProcess");
  const [q, j, s, lock, event] = [Queue(), JoinableQueue(), SimpleQueue(), Lock(), Event()];
  const [ours, theirs] = Pipe();
  const [value, array] = [Value("i", 1), SharedArray("d", 2)];
  const p = new Process({ target: work, args: [q, j, s, theirs, lock, event, value, array] });
  p.start();
  item("active_children", active_children().length === 1);
  item("Queue", (await q.get())[1].a === 1n);
  item("JoinableQueue", (await j.get()) === "joinable");
  await j.task_done();
  item("SimpleQueue", (await s.get()).get("simple") === 1);
  item("Pipe", (await ours.recv())[1] === 2);
  item("Event", await event.wait(10));
  await p.join();
  item("exitcode", p.exitcode === 0);
  item("Value", value.value === 7);
  item("Lock", await lock.acquire());
  for (const make of [RLock, Semaphore, Condition]) item(make.name, await make().acquire());
  item("Barrier", (await Barrier(1).wait()) === 0);
  const killed = new Process({ target: sleep });
  killed.start();
  killed.kill();
  await killed.join();
  item("kill", killed.exitcode === -9);
  const pool = Pool(2);
  item("map", String(await pool.map(square, [1, 2, 3])) === "1,4,9");
  item("apply", (await pool.apply(square, [4])) === 16);
  item("error", (await pool.apply(fail).catch((error) => error)).message.includes("wrong"));
  pool.close();
  await pool.join();
  const manager = await Manager();
  const dict = await manager.dict();
  await dict.setdefault("a", 1);
  item("dict", (await dict.get("a")) === 1);
  await manager.shutdown();
  const listener = await Listener();
  const accepted = listener.accept();
  const client = await Client(listener.address);
  const server = await accepted;
  await client.send("hello");
  item("Listener", (await server.recv()) === "hello");
  for (const end of [client, server, listener]) end.close();
  const wrong = items.filter(([, isRight]) => !isRight).map(([name]) => name);
  console.log(wrong.length === 0 ? items.length + " items pass" : "fails: " + wrong);
}
`;

const folder = await Deno.makeTempDir({ prefix: "smoke-" });
let failed = 0;
try {
  await Deno.writeTextFile(`${folder}/package.json`, '{ "type": "module" }');
  await Deno.writeTextFile(`${folder}/program.js`, PROGRAM);
  await mustRun(["npm", "install", "--silent", await pack(folder)], { cwd: folder });
  for (const [spec, ...words] of COMMANDS) {
    const there = await run(["npx", "-y", spec!, "--version"], { timeout: 300 });
    if (there.code !== 0) {
      console.log(`${spec}: skipped: npx cannot fetch it`);
      continue;
    }
    const command = ["npx", "-y", spec!, ...words, "program.js"];
    const { code, stdout, output } = await run(command, { cwd: folder, timeout: 60 });
    const isRight = code === 0 && / items pass$/m.test(stdout);
    if (!isRight) failed++;
    console.log(`${spec}: ${isRight ? stdout.trim() : `FAILED\n${output}`}`);
  }
} finally {
  await Deno.remove(folder, { recursive: true });
}
Deno.exit(failed === 0 ? 0 : 1);
