/** What a child asks of its parent's object, in parent_test.ts. */
import { current_process, exported, parent_process, type Queue } from "../../mod.ts";

/** Python's expressions, and what they are here. */
export const QUESTIONS: readonly (readonly [python: string, ours: () => unknown])[] = [
  ["p", () => p()],
  ["p.exitcode", () => p().exitcode],
  ["p.authkey", () => p().authkey],
  ["p.daemon", () => p().daemon],
  ["p.name", () => p().name],
  ["p.run()", () => p().run()],
  ["p.start()", () => p().start()],
  ["p.terminate()", () => p().terminate()],
  ["p.kill()", () => p().kill()],
  ["setattr(p, 'daemon', True)", () => set({ daemon: true })],
  ["p.daemon", () => p().daemon],
  ["setattr(p, 'name', 'x')", () => set({ name: "x" })],
  ["setattr(p, 'name', 5)", () => set({ name: 5 })],
  ["setattr(p, 'authkey', b'x')", () => set({ authkey: Uint8Array.of(120) })],
  ["bytes(p.authkey)", () => Uint8Array.from(p().authkey)],
  ["p.close()", () => p().close()],
  ["p", () => p()],
  ["p.close()", () => p().close()],
  ["p.exitcode", () => p().exitcode],
  ["p.sentinel", () => p().sentinel],
  ["p.start()", () => p().start()],
  ["p.terminate()", () => p().terminate()],
  ["p.kill()", () => p().kill()],
  ["p.run()", () => p().run()],
  ["p.is_alive()", () => p().is_alive()],
  ["p.join(0)", () => p().join(0)],
  ["p.name, p.daemon", () => [p().name, p().daemon]],
  ["p.pid == p.ident", () => p().pid === p().ident],
  ["p.join(0, 1)", () => any().join!(0, 1)],
  ["p.is_alive(1)", () => any().is_alive!(1)],
  ["p.close(1)", () => any().close!(1)],
  ["p.start(1)", () => any().start!(1)],
  ["p.terminate(1)", () => any().terminate!(1)],
  ["p.kill(1)", () => any().kill!(1)],
  ["p.run(1)", () => any().run!(1)],
];

function p() {
  return parent_process()!;
}

function any() {
  return p() as unknown as Record<string, (...args: unknown[]) => unknown>;
}

function set(fields: Record<string, unknown>): void {
  Object.assign(p(), fields);
}

/** Puts the text of each answer. */
export async function answer(q: Queue<unknown>): Promise<void> {
  for (const [, ask] of QUESTIONS) {
    let answer: unknown;
    try {
      answer = await ask();
      if (answer === p()) answer = String(answer);
    } catch (error) {
      answer = [(error as Error).name, (error as Error).message];
    }
    await q.put(answer ?? null);
  }
}

/** Puts whether `wait` takes the parent's sentinel, and who is waited for. */
export async function waitForParent(q: Queue<unknown>): Promise<void> {
  const { wait } = await import("../../src/connection.ts");
  const { sentinel } = p();
  const ready = await wait([sentinel], 0);
  await q.put([ready.length, current_process().name]);
}

exported(import.meta, { answer, waitForParent });
