import { deepStrictEqual, fail, ok, rejects, strictEqual } from "node:assert/strict";
import { setImmediate } from "node:timers";
import {
  type ObservedWait,
  type Observer,
  ops,
  setObserver,
} from "../../src/link/observed.ts";
import {
  abortable,
  after,
  interruptNext,
  interruptWaits,
  keepWhile,
  type Limit,
  type Waiter,
  waitForArrival,
  waitForHub,
  waitHere,
  whenInterrupted,
} from "../../src/link/waiting.ts";
import { type Link, Peer } from "../../src/link/peer.ts";
import { runtime } from "../../src/runtime/mod.ts";
import { Empty, KeyboardInterrupt } from "../../src/python/errors.ts";
import { Kind, type ToHub } from "../../src/wire/message.ts";
import { alive } from "../helpers/alive.ts";
import { collectGarbage } from "../helpers/gc.ts";
import { countedSignal } from "../helpers/signals.ts";
import { holdTimers } from "../helpers/timers.ts";
import { test } from "../suite.ts";

/** A peer whose messages go to `hub`. */
function peerOf(hub: (message: ToHub, peer: Peer) => void): Peer {
  const link: Link = {
    copies: false,
    post: (message) => hub(message, peer),
    repeat: () => () => {},
    takeNow: () => undefined,
  };
  const peer: Peer = new Peer(0, 0, link);
  return peer;
}

const silent = () => {};

const NONE = new Uint8Array();

test("after() can be cancelled, and takes more seconds than timers do", async () => {
  const cancelled = after(0, () => {
    throw new Error("it was cancelled");
  });
  cancelled();
  after(1e9, () => {})();
  await alive(new Promise<void>((resolve) => void after(0.001, resolve)));
});

test("waitHere() gives what happened, and leaves nothing behind", async () => {
  let waiter: Waiter<number> | undefined;
  const enter = (it: Waiter<number>) => {
    waiter = it;
    return () => {
      throw new Error("nobody gave up");
    };
  };
  const limit = { timeout: 60, signal: new AbortController().signal };
  const waiting = waitHere(peerOf(silent), limit, enter, () => 0);
  waiter!.resolve(5);
  strictEqual(await waiting, 5);
});

test("waitHere() leaves and does what is to be done when its time is over", async () => {
  let left = 0;
  const limit = { timeout: 0.001, signal: undefined };
  const enter = () => () => void left++;
  await rejects(
    waitHere<number>(peerOf(silent), limit, enter, () => {
      throw new Empty();
    }),
    Empty,
  );
  strictEqual(await waitHere(peerOf(silent), limit, enter, () => 3), 3);
  strictEqual(left, 2);
});

test("waitHere() rejects with the signal's reason, before and while it waits", async () => {
  const controller = new AbortController();
  const limit = { timeout: null, signal: controller.signal };
  let entered = 0, left = 0;
  const enter = () => {
    entered++;
    return () => void left++;
  };
  const waiting = waitHere<number>(peerOf(silent), limit, enter, () => 0);
  controller.abort("enough");
  await rejects(waiting, (reason) => reason === "enough");
  const late = waitHere<number>(peerOf(silent), limit, enter, () => 0);
  await rejects(late, (reason) => reason === "enough");
  deepStrictEqual([entered, left], [1, 1]);
});

/** A hub that answers a cancelled call with `value`. */
function answering(value: boolean): Peer {
  return peerOf((message, peer) => {
    if (message[0] !== Kind.Cancel) return;
    queueMicrotask(() => peer.receive([Kind.Answer, message[1], message[2], value]));
  });
}

test("abortable() waits for a promise, or rejects with the signal's reason", async () => {
  const { signal } = new AbortController();
  const peer = peerOf(silent);
  strictEqual(await abortable(peer, Promise.resolve(5), signal), 5);
  await rejects(abortable(peer, Promise.reject(new Empty()), signal), Empty);
  const controller = new AbortController();
  const waiting = abortable(peer, new Promise<never>(() => {}), controller.signal);
  controller.abort("enough");
  await rejects(waiting, (reason) => reason === "enough");
});

test("waitForArrival() goes on when its time is over, until somebody ends it", async () => {
  const peer = peerOf(silent);
  let isOver = false;
  const value = await waitForArrival<number>(
    peer,
    { timeout: 0.001, signal: undefined },
    ({ resolve }) => ({
      leave: () => fail("nobody leaves"),
      onTime() {
        isOver = true;
        setImmediate(() => resolve(5));
      },
    }),
  );
  deepStrictEqual([value, isOver], [5, true]);
});

test("waitForArrival() can be aborted, also when its time is over", async () => {
  for (const timeout of [null, 0.001]) {
    const peer = peerOf(silent);
    const controller = new AbortController();
    const left: string[] = [];
    const abort = () => controller.abort("enough");
    const waiting = waitForArrival<number>(
      peer,
      { timeout, signal: controller.signal },
      () => ({ leave: () => void left.push("left"), onTime: abort }),
    );
    if (timeout === null) abort();
    await rejects(waiting, (reason) => reason === "enough");
    deepStrictEqual(left, ["left"]);
    await rejects(
      waitForArrival(peer, { timeout: null, signal: controller.signal }, () => fail()),
      (reason) => reason === "enough",
    );
  }
});

test("waitForArrival() is over when what it waits for comes while it begins", async () => {
  const limit = { timeout: 0.001, signal: undefined };
  const wait = { leave: () => fail("nobody leaves"), onTime: () => fail("it is over") };
  const waiting = waitForArrival<number>(peerOf(silent), limit, ({ resolve }) => {
    resolve(3);
    return wait;
  });
  strictEqual(await waiting, 3);
});

test("waitForHub() gives the hub's word when its time is over", async () => {
  const limit = { timeout: 0.001, signal: undefined };
  const grab = (call: number): ToHub => [Kind.Grab, 5, call, 0, 0];
  strictEqual(await waitForHub(answering(false), limit, 5, grab, ops.get), false);
  strictEqual(await waitForHub(answering(true), limit, 5, grab, ops.get), true);
});

test("waitForHub() rejects an aborted call only if it did not happen before", async () => {
  const grab = (call: number): ToHub => [Kind.Grab, 5, call, 0, 0];
  for (const happened of [true, false]) {
    const controller = new AbortController();
    const limit = { timeout: null, signal: controller.signal };
    const waiting = waitForHub(answering(happened), limit, 5, grab, ops.get);
    controller.abort("enough");
    if (happened) strictEqual(await waiting, true);
    else await rejects(waiting, (reason) => reason === "enough");
    await rejects(
      waitForHub(answering(true), limit, 5, grab, ops.get),
      (reason) => reason === "enough",
    );
  }
});

test("after() rings on time, however long that is", () => {
  const { timers, restore } = holdTimers();
  try {
    let rung = 0, passed = 0;
    after(100 * 24 * 3600, () => rung++);
    while (timers.length > 0) {
      const [timer] = timers;
      ok(timer!.milliseconds < 2 ** 31, `${timer!.milliseconds} ms`);
      passed += timer!.milliseconds;
      strictEqual(rung, 0);
      timer!.ring();
    }
    deepStrictEqual([rung, passed], [1, 100 * 24 * 3600 * 1000]);
  } finally {
    restore();
  }
});

test("after() can be cancelled until it rings, also when its time is over", () => {
  const { setTimer, clearTimer, nextTurn } = runtime;
  const due: (() => void)[] = []; // what the next turn does
  runtime.setTimer = runtime.nextTurn = (callback) => due.push(callback);
  runtime.clearTimer = () => {}; // those that have rung
  try {
    let rung = 0;
    const cancel = after(1, () => rung++);
    after(1, () => rung++);
    while (due.length > 0) {
      due.shift()!();
      if (due.length === 2) cancel(); // both times are over
    }
    strictEqual(rung, 1);
  } finally {
    Object.assign(runtime, { setTimer, clearTimer, nextTurn });
  }
});

/** Hears of all waits; each is to end once. */
class Counting implements Partial<Observer> {
  readonly open: Set<ObservedWait> = new Set();
  count = 0;

  wait(): ObservedWait {
    this.count++;
    const wait: ObservedWait = {
      promise: undefined,
      end: () => this.open.delete(wait),
    };
    this.open.add(wait);
    return wait;
  }
}

test("an observer hears of each wait, of its promise, and of its end, whatever that is", async () => {
  const peer = peerOf(silent), counting = new Counting();
  let refs = 0;
  peer.ref = () => void refs++;
  peer.unref = () => void refs--;
  const forever = { timeout: null, signal: undefined };
  const brief = { timeout: 0.001, signal: undefined };
  const grab = (call: number): ToHub => [Kind.Grab, 5, call, 0, 0];
  const controller = new AbortController();
  const here = (limit: Limit, enter: (waiter: Waiter<number>) => () => void) =>
    waitHere<number>(peer, limit, enter, () => fail("too late"), ops.get, 5);
  const ways: (() => Promise<unknown>)[] = [
    () => here(forever, ({ resolve }) => (setImmediate(resolve, 3), silent)),
    () => here(forever, ({ reject }) => (setImmediate(reject, "no"), silent)),
    () => here(forever, ({ resolve }) => (resolve(3), silent)),
    () => here(forever, () => fail("it cannot begin")),
    () => here(brief, () => silent),
    () => here({ timeout: null, signal: controller.signal }, () => silent),
    () => waitForHub(answering(true), brief, 5, grab, ops.get),
    () =>
      waitForHub(answering(true), brief, 5, () => fail("none can be made"), ops.get),
    () => waitForHub(peerOf(() => fail("it is closed")), brief, 5, grab, ops.get),
  ];
  setObserver(counting as unknown as Observer);
  try {
    for (const [i, begin] of ways.entries()) {
      const waiting = begin();
      strictEqual(counting.count, i + 1);
      for (const { promise } of counting.open) strictEqual(promise, waiting);
      if (i === 5) controller.abort("enough");
      await alive(waiting.catch(() => {}));
      deepStrictEqual([counting.open.size, refs], [0, 0], `way ${i}`);
    }
    await waitHere(
      peer,
      { ...forever, isBackground: true },
      ({ resolve }) => {
        resolve(1);
        return silent;
      },
      undefined,
      ops.get,
    );
    // Of what does not begin it does not hear, nor of a wait in the background.
    strictEqual(counting.count, ways.length);
  } finally {
    setObserver(undefined);
  }
});

test("no wait leaves a listener at its signal, however it ends", async () => {
  const counted = countedSignal();
  const limit = { timeout: 0.001, signal: counted.signal };
  await waitHere(peerOf(silent), limit, () => () => {}, () => 0); // its time is over
  const waiting = waitHere<number>(
    peerOf(silent),
    limit,
    ({ resolve }) => {
      queueMicrotask(() => resolve(5));
      return () => {};
    },
    () => 0,
  );
  strictEqual(counted.count, 1);
  strictEqual(await waiting, 5);
  await waitForHub(
    answering(true),
    limit,
    9,
    (call) => [Kind.Put, 9, call, true, NONE],
    ops.put,
  );
  await waitForArrival<number>(peerOf(silent), limit, ({ resolve }) => ({
    leave: () => fail("nobody leaves"),
    onTime: () => resolve(5),
  }));
  strictEqual(counted.count, 0);
});

test("keepWhile() keeps what is waited at, and nothing longer than that", async () => {
  const COUNT = 100;
  let end!: () => void;
  const wait = new Promise<void>((resolve) => end = resolve);
  const handles: WeakRef<object>[] = [];
  const begin = () =>
    Array.from({ length: COUNT }, () => {
      const handle = {};
      handles.push(new WeakRef(handle));
      return keepWhile(handle, wait);
    });
  const waits = Promise.all(begin());
  const kept = () => handles.filter((handle) => handle.deref() !== undefined).length;
  await collectGarbage();
  strictEqual(kept(), COUNT);
  end();
  await waits;
  // The last ones may still be on the stack of the code that made them.
  for (let n = 0; n < 20 && kept() > 5; n++) await collectGarbage();
  ok(kept() <= 5, `${kept()} are kept`);
});

test("interruptWaits tells all who wait, and says whether there was one", () => {
  strictEqual(interruptWaits(), false);
  const told: unknown[] = [];
  const forget = whenInterrupted((error) => {
    told.push(error instanceof KeyboardInterrupt);
    forget();
  });
  const forgetNobody = whenInterrupted(() => false);
  strictEqual(interruptWaits(), true);
  strictEqual(interruptWaits(), false);
  deepStrictEqual(told, [true]);
  forgetNobody();
});

test("interruptWaits does not tell a wait that another one begins when it is told", () => {
  let count = 0;
  let forget = () => {};
  const begin = () => {
    forget = whenInterrupted(() => {
      forget();
      count++;
      begin();
    });
  };
  begin();
  interruptWaits();
  strictEqual(count, 1);
  interruptWaits();
  strictEqual(count, 2);
  forget();
});

test("interruptNext: the next wait is told, once it has begun", async () => {
  interruptNext();
  let told = 0;
  const forgetNobody = whenInterrupted(() => false);
  await Promise.resolve();
  const forget = whenInterrupted(() => void told++);
  strictEqual(told, 0);
  await Promise.resolve();
  strictEqual(told, 1);
  const forgetOther = whenInterrupted(() => void told++);
  await Promise.resolve();
  strictEqual(told, 1);
  forget();
  forgetNobody();
  forgetOther();
});
