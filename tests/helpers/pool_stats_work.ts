/** Tasks of pools that are looked at. */
import process from "node:process";
import { type Event, exported, type Queue } from "../../mod.ts";

let begun: Queue<string>;
let end: Event;

/** An initializer: what tasks tell and wait for. */
export function keep(...given: [begun: Queue<string>, end: Event]): void {
  [begun, end] = given;
}

export function square(x: number): number {
  return x * x;
}

export function fail(): never {
  throw new RangeError("no");
}

export async function waitForEnd(_number: number, _text: string): Promise<void> {
  await begun.put("begun");
  await end.wait();
}

export async function waitForOne(_: number): Promise<void> {
  await begun.put("begun");
  await end.wait();
}

export async function waitForEver(): Promise<never> {
  return await new Promise<never>(() => setInterval(() => {}, 1000));
}

export function killItself(): void {
  process.kill(process.pid, "SIGKILL");
}

exported(import.meta, {
  keep,
  square,
  fail,
  waitForEnd,
  waitForOne,
  waitForEver,
  killItself,
});
