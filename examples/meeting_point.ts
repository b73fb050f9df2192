/**
 * Four hikers meet at two points of their way: a barrier lets nobody go on before all are
 * there. The last one to arrive looks at the map for all.
 *
 * The same program in Python: `python/meeting_point.py`. Where a line looks different
 * there, the Python line stands behind it.
 * @module
 */
// In a program of your own: from "@pystd/multiprocessing"
import { Barrier, is_main, Process, SimpleQueue } from "../mod.ts";

/** What the last one does. */
export function look_at_map(): void {
  console.log("all are there: on we go");
}

/** Walks from point to point. */
export async function hiker(
  point: Barrier,
  places: SimpleQueue<number>,
  name: string,
): Promise<void> {
  for (const where of ["hut", "summit"]) { // for where in ("hut", "summit"):
    console.log(name, "is at the", where);
    await places.put(await point.wait());
  }
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const point = Barrier(4, look_at_map);
  const places = SimpleQueue<number>();
  const hikers: Process[] = [];
  for (const name of ["Ada", "Grace", "Linus", "Guido"]) {
    hikers.push(new Process({ target: hiker, args: [point, places, name] }));
  }
  for (const p of hikers) p.start();
  for (const where of ["hut", "summit"]) { // for where in ("hut", "summit"):
    const arrived: number[] = [];
    for (const _ of hikers) arrived.push(await places.get());
    console.log("places at the", where + ":", arrived.sort()); // sorted(arrived)
  }
  for (const p of hikers) await p.join();
  console.log("waiting:", await point.n_waiting, "of", point.parties);
}
