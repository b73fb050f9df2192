// A child that may run programs only, starts one with inherited stdin, and is still told things.
import { Process, Queue } from "../../mod.ts";

export async function start(q: Queue<string>, back: Queue<string>): Promise<void> {
  const command = new Deno.Command("cat", { stdin: "inherit", stdout: "piped" });
  const child = command.spawn();
  await back.put("running");
  const told = await q.get();
  const { stdout } = await child.output();
  const { stdout: none } = await new Deno.Command("cat").output();
  await back.put(`${told}, and cat has read ${stdout.length} and ${none.length} bytes`);
}

if (import.meta.main) {
  const [q, back] = [Queue<string>(), Queue<string>()];
  const p = new Process({ target: start, args: [q, back] });
  p.start();
  await back.get();
  await q.put("told");
  console.log(await back.get());
  await p.join();
  console.log(p.exitcode);
}
