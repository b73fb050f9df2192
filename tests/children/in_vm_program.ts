/** A program that `in_vm_context.ts` runs in a context. */
import { Buffer } from "node:buffer";
import { Manager, Pipe, Pool, Process, Queue } from "../../mod.ts";
import { owned, relay } from "../helpers/in_vm_work.ts";

const values = [
  new Map([[1, new Set([new Date(5)])]]),
  /a/g,
  new Uint8Array([1, 2]),
  new Float64Array([0.5]),
  new Uint8Array([3]).buffer,
  new TypeError("x"),
  Buffer.from("b"),
  { a: [1, , 3], big: 2n ** 70n },
];

function show(values: unknown): string {
  return (values as unknown[]).map((value) => {
    const tag = Object.prototype.toString.call(value).slice(8, -1);
    return ArrayBuffer.isView(value) ? `${tag}(${value})` : tag;
  }).join(" ");
}

const [queue, answers] = [Queue<unknown>(), Queue<unknown>()];
const [mine, theirs] = Pipe();
const child = new Process({ target: relay, args: [values, queue, theirs, answers] });
child.start();
theirs.close();
await queue.put(values);
await mine.send(values);
console.log(show(await answers.get()));
console.log(show(await answers.get()));
console.log(show(await mine.recv()));
console.log(await child.join(), child.exitcode);
const pool = Pool(1);
console.log(show(await pool.map(owned, values)));
console.log(show(await pool.apply(owned, [values])));
for (const one of [new Uint8Array([7]), Buffer.from("b")]) {
  console.log(
    show([await pool.apply(owned, [one])]),
    show(await pool.map(owned, [one])),
  );
}
try {
  await pool.apply(owned, [new Uint8Array(1), Symbol.iterator as never] as never);
} catch (error) {
  console.log(String(error));
}
await pool.__exit__();
const manager = await Manager();
const list = await manager.list(values);
console.log(show(await list.copy()));
await manager.__exit__();
