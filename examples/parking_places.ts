/**
 * Six cars share two parking places: a semaphore counts the free ones. Every car tells
 * over a queue when it comes and goes, so that nobody can cheat.
 *
 * The same program in Python: `python/parking_places.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
import { delay } from "@std/async"; // from time import sleep
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Process, Semaphore, SimpleQueue } from "../mod.ts";

/** Parks for a moment, when there is a place. */
export async function car(
  places: Semaphore,
  gate: SimpleQueue<number>,
  name: string,
): Promise<void> {
  await places.with(async () => { // with places:
    await gate.put(1);
    console.log(name, "parks");
    await delay(20); // sleep(0.02)
    console.log(name, "leaves");
    await gate.put(-1);
  });
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const places = Semaphore(2);
  const gate = SimpleQueue<number>();
  const cars: Process[] = [];
  for (let i = 1; i <= 6; i++) { // for i in range(1, 7):
    cars.push(new Process({ target: car, args: [places, gate, `car ${i}`] }));
  }
  for (const p of cars) p.start();
  let parked = 0;
  let most = 0;
  for (let i = 0; i < 12; i++) { // for _ in range(12):
    parked += await gate.get();
    most = Math.max(most, parked);
  }
  for (const p of cars) await p.join();
  console.log("never more than two:", most <= 2);
  console.log("free places:", await places.get_value());
}
