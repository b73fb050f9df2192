import { deepStrictEqual, rejects, strictEqual, throws } from "node:assert/strict";
import { PipeEnd } from "../../src/connection/pipe_end.ts";
import type { DumpContext } from "../../src/reduction/mod.ts";
import { Kind } from "../../src/wire/message.ts";
import { test } from "../suite.ts";
import { bytes, isSettled, taker, TestPeer } from "./support.ts";

const ID = 12;
const FIELDS = { id: ID, reads: true, writes: true, token: 77 };

test("PipeEnd: the hub is told when the last connection to it is closed", async () => {
  const there = new TestPeer(), end = new PipeEnd(there.peer, ID, true, true);
  end.open();
  end.open();
  end.close({});
  deepStrictEqual(there.kinds(), []);
  end.close(undefined);
  deepStrictEqual(there.kinds(), [["Drop"]]);
  // What the hub said before it knew finds nobody.
  there.receive([Kind.Items, ID, [bytes(1)]]);
  strictEqual(end.takeNow(taker()), undefined);
  strictEqual(await isSettled(end.take(taker())), false);
});

test("PipeEnd: what was sent and waits for room leaves before the end is let go of", async () => {
  const there = new TestPeer(), end = new PipeEnd(there.peer, ID, false, true);
  end.open();
  const sends = [bytes(1e6, 1), bytes(1e6, 2), bytes(1, 3)]
    .map((message) => end.send(() => message, taker()));
  const [[, , call]] = there.take() as [[number, number, number]];
  there.receive([Kind.Answer, ID, call, true]);
  end.close({});
  deepStrictEqual(there.take().map(([kind]) => kind).slice(-2), [Kind.Send, Kind.Drop]);
  await Promise.all(sends);
});

test("PipeEnd.from: an end by a token is claimed; one that is here already, too", () => {
  const there = new TestPeer();
  const end = PipeEnd.from(there.peer, FIELDS);
  deepStrictEqual(there.kinds(), [["Claim", 77]]);
  strictEqual(PipeEnd.from(there.peer, { ...FIELDS, token: 78 }), end);
  deepStrictEqual(there.kinds(), [["Claim", 78]]);
  deepStrictEqual([end.id, end.reads, end.writes], [ID, true, true]);
});

test("PipeEnd.from: until the hub has answered, what it says is for an earlier holder", async () => {
  const there = new TestPeer(), end = PipeEnd.from(there.peer, FIELDS);
  end.open();
  const waiting = end.take(taker());
  there.receive([Kind.Items, ID, [bytes(1)]]);
  strictEqual(await isSettled(waiting), false);
  there.receive([Kind.Claimed, ID, 77, true]);
  there.receive([Kind.Items, ID, [bytes(2)]]);
  deepStrictEqual(await waiting, bytes(2));
});

test("PipeEnd.from: a token that is void gives an end whose other end is closed", async () => {
  const there = new TestPeer(), end = PipeEnd.from(there.peer, FIELDS);
  end.open();
  const waiting = end.take(taker());
  there.receive([Kind.Claimed, ID, 77, false]);
  await rejects(waiting, { name: "EOFError" });
  await rejects(end.send(() => bytes(1), taker()), { name: "BrokenPipeError" });
  strictEqual(end.isReady, true);
});

test("PipeEnd.from: fields that make no sense are refused", () => {
  const { peer } = new TestPeer();
  for (
    const wrong of [{ id: -1 }, { id: 1.5 }, { id: "x" as never }, { token: null }]
  ) {
    throws(() => PipeEnd.from(peer, { ...FIELDS, ...wrong }), {
      name: "UnpicklingError",
      message: "malformed connection",
    });
  }
});

test("PipeEnd: at a start it is inherited, in a message it goes by a token", () => {
  const there = new TestPeer(), end = new PipeEnd(there.peer, ID, true, false);
  const inherited: number[] = [];
  const start = { spawning: true, inherit: (id: number) => void inherited.push(id) };
  deepStrictEqual(end.reduce(start as unknown as DumpContext)[1], {
    ...FIELDS,
    writes: false,
    token: null,
  });
  deepStrictEqual(inherited, [ID]);
  const [, fields] = end.reduce({ spawning: false } as unknown as DumpContext);
  deepStrictEqual(there.kinds(), [["Share", fields["token"]]]);
});

test("PipeEnd: a message that was made while its making sent another one is its own copy", async () => {
  const there = new TestPeer(), end = new PipeEnd(there.peer, ID, false, true);
  end.open();
  const view = bytes(3, 5);
  const views: boolean[] = [];
  const first = end.send((isView) => {
    views.push(isView);
    void end.send(() => bytes(1e6), taker());
    void end.send(() => bytes(1e6), taker());
    return view;
  }, taker());
  view.fill(0); // the memory is used for something else
  const [[, , call]] = there.take() as [[number, number, number]];
  there.receive([Kind.Answer, ID, call, true]);
  end.close(undefined);
  const last = there.take().findLast(([kind]) => kind === Kind.Send)!;
  deepStrictEqual([views, last[3]], [[true], bytes(3, 5)]);
  await first;
});
