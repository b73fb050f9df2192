/** What the children of the files beside this do. */
import type { Queue } from "../../../mod.ts";

export async function consume(orders: Queue<number>): Promise<void> {
  await orders.get();
}
