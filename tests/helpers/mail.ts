/**
 * What the child of mailbox_test.ts runs.
 *
 * @module
 */
import { listenToParent, report } from "../../src/link/mailbox.ts";
import { currentPeer } from "../../src/link/peer.ts";

/** Reports what its parent tells it, so many times. */
export async function answerMail(count: number): Promise<void> {
  let left = count;
  await currentPeer().hold(
    new Promise<void>((resolve) => {
      listenToParent((heads, items) => {
        report(heads, items);
        if (--left === 0) resolve();
      });
    }),
  );
}
