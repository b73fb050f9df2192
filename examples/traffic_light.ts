/**
 * Cars wait at a traffic light: an event is set while it is green. The light turns green
 * when all cars wait, and red again when all are through.
 *
 * The same program in Python: `python/traffic_light.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { Event, is_main, Process, Semaphore } from "../mod.ts";

/** Comes to the light, twice, and drives on when it is green. */
export async function car(
  green: Event,
  red: Event,
  waiting: Semaphore,
  through: Semaphore,
  name: string,
): Promise<void> {
  for (const round of ["first", "second"]) { // for round in ("first", "second"):
    await red.wait();
    if (!await green.is_set()) { // if not green.is_set():
      console.log(name, "stops,", round, "time");
    }
    await waiting.release();
    await green.wait();
    console.log(name, "drives on");
    await through.release();
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const green = Event();
  const red = Event();
  const waiting = Semaphore(0);
  const through = Semaphore(0);
  const cars: Process[] = [];
  for (const name of ["a lorry", "a bus", "a taxi"]) {
    cars.push(
      new Process({ target: car, args: [green, red, waiting, through, name] }),
    );
  }
  for (const p of cars) p.start();
  for (let i = 0; i < 2; i++) { // for _ in range(2):
    console.log("red");
    await red.set();
    for (const _ of cars) await waiting.acquire();
    await red.clear();
    console.log("green");
    await green.set();
    for (const _ of cars) await through.acquire();
    await green.clear();
  }
  for (const p of cars) await p.join();
  console.log("the road is free");
}
