/** The target of control_channel_test.ts. */
import { listenToParent, report } from "../../src/link/control_channel.ts";
import { currentPeer } from "../../src/link/peer.ts";

/** Reports what its parent tells it, so many times. */
export async function answerMail(count: number): Promise<void> {
  let left = count;
  await currentPeer().refWhile(
    new Promise<void>((resolve) => {
      listenToParent((operands, items) => {
        report(operands, items);
        if (--left === 0) resolve();
      });
    }),
  );
}
