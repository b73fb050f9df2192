/** What processes run that start others in a later turn. */
import { Process, type Queue } from "../../mod.ts";

export async function answer(answers: Queue<string>): Promise<void> {
  await answers.put("grandchild");
}

export async function startLater(answers: Queue<string>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    setTimeout(async () => {
      try {
        const p = new Process({ target: answer, args: [answers] });
        await p.start();
        await p.join();
        await answers.put("started");
        resolve();
      } catch (error) {
        reject(error);
      }
    }, 5);
  });
}
