/** Process classes of test_subclassing_process_test.ts. */
import { Process, Queue } from "../../../mod.ts";

/** A service in a process of its own: what is submitted comes back in capitals. */
export class UpperCaser extends Process {
  requests: Queue<string | null> = Queue();
  replies: Queue<string> = Queue();

  override async run(): Promise<void> {
    for (let s = await this.requests.get(); s !== null; s = await this.requests.get()) {
      await this.replies.put(s.toUpperCase());
    }
  }

  async submit(s: string): Promise<string> {
    await this.requests.put(s);
    return await this.replies.get(true, 40);
  }

  async stop(): Promise<void> {
    await this.requests.put(null);
  }
}
