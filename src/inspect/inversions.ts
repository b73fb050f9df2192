/**
 * Finds locks that were taken in both orders: one after the other here, the other way round
 * there. Nothing has happened yet, but when both happen at once it is a deadlock. Pure.
 *
 * An order counts only where the two were acquired at different lines: a function that
 * takes one lock, and runs twice at once in a process, has taken no order.
 *
 * @module
 */
import type { Inversion, LockOrder, ProcessSnapshot, Snapshot } from "./snapshot.ts";
import {
  type Index,
  indexOf,
  objectText,
  type PlaceText,
  placeTextOf,
  processText,
} from "./wording.ts";

/** The most that are told. */
const MOST = 50;

/** An order, and who has taken the locks in it. */
interface Taken extends LockOrder {
  readonly process: ProcessSnapshot;
}

/** Finds all pairs of locks that the processes of a snapshot have taken in both orders. */
export function findInversions(snapshot: Snapshot): Inversion[] {
  const index = indexOf(snapshot);
  const place = placeTextOf(snapshot);
  const orders = new Map<string, Taken>();
  const found: Inversion[] = [];
  for (const process of snapshot.processes) {
    for (const order of process.orders) {
      if (!counts(order, index)) continue;
      const { first, second } = order;
      if (orders.has(`${first} ${second}`)) continue;
      const taken = { ...order, process };
      orders.set(`${first} ${second}`, taken);
      const opposite = orders.get(`${second} ${first}`);
      if (opposite === undefined || found.length >= MOST) continue;
      found.push(describe(opposite, taken, index, place));
    }
  }
  return found;
}

/** Whether both are locks that are still there, and were acquired at two lines. */
function counts(order: LockOrder, { objects }: Index): boolean {
  const { first, second, firstPlace, secondPlace } = order;
  if (first === second || firstPlace === null || secondPlace === null) return false;
  const isSame = firstPlace.file === secondPlace.file &&
    firstPlace.line === secondPlace.line && firstPlace.column === secondPlace.column;
  return !isSame && [first, second].every((number) => {
    const object = objects.get(number);
    return object?.kind === "lock" && object.isOwned;
  });
}

function describe(one: Taken, other: Taken, index: Index, place: PlaceText): Inversion {
  const name = (number: number) => objectText(index.objects.get(number)!);
  const [first, second] = [name(one.first), name(one.second)];
  const lines = [one, other].flatMap(({ process, first, second, ...places }) => [
    `${processText(process)} took ${name(first)} at ${place(places.firstPlace!)}`,
    `   and then ${name(second)} at ${place(places.secondPlace!)}`,
  ]);
  const title = `Locks taken in both orders: ${first} and ${second}; ` +
    "if both happen at once, nobody can go on";
  return { objects: [one.first, one.second], title, lines };
}
