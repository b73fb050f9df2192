/** The tasks of queues. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import type { Surroundings } from "../../src/hub/object.ts";
import { Tasks } from "../../src/hub/tasks.ts";
import { Kind, type ToPeer } from "../../src/wire/message.ts";
import { test } from "../suite.ts";

function tasks(): { tasks: Tasks; sent: [process: number, message: ToPeer][] } {
  const sent: [number, ToPeer][] = [];
  const out = {
    send: (process, message) => void sent.push([process, message]),
    time: () => 0,
  } as
    & Partial<Surroundings>
    & Pick<Surroundings, "send">;
  return { tasks: new Tasks(9, 0, out as Surroundings), sent };
}

test("Tasks answers those who join when the last task is done", () => {
  const { tasks: t, sent } = tasks();
  t.add();
  t.add();
  for (const call of [1, 2, 3]) t.join({ process: 4, call });
  strictEqual(t.cancel(4, 2), true);
  strictEqual(t.cancel(4, 2), false);
  t.done({ process: 5, call: 7 }, undefined);
  deepStrictEqual(sent, [[5, [Kind.Answer, 9, 7, null]]]);
  t.finish(1);
  deepStrictEqual(
    sent.slice(1),
    [1, 3].map((call) => [
      4,
      [Kind.Answer, 9, call, true],
    ]),
  );
  t.join({ process: 4, call: 8 });
  deepStrictEqual(sent.at(-1), [4, [Kind.Answer, 9, 8, true]]);
});

test("Tasks counts no task below none", () => {
  const { tasks: t, sent } = tasks();
  t.add();
  t.finish(3);
  t.done({ process: 5, call: 7 }, undefined);
  deepStrictEqual(sent.map(([, message]) => message[0]), [Kind.Failure]);
});

test("Tasks forgets a process that joins when it leaves", () => {
  const { tasks: t, sent } = tasks();
  t.add();
  t.join({ process: 4, call: 1 });
  deepStrictEqual(t.leave(4), []);
  t.finish(1);
  deepStrictEqual(sent, []);
});
