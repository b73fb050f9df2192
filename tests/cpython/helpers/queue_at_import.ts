/**
 * A module that makes, fills, reads and closes a queue while it is being imported.
 */
import { Queue } from "../../../mod.ts";

const q = Queue<string>();
await q.put("knock knock");
const heard = await q.get({ timeout: 30 });
q.close();

/** The item that came out of the queue. */
export const knock: string = heard;

/** Hands it on. */
export async function tellKnock(to: Queue<string>): Promise<void> {
  await to.put(knock);
}
