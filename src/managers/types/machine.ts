/**
 * Runs the hub's state machines for the objects of a manager's server.
 *
 * To a machine each call is a process of its own, so that a call that its client gives up,
 * or a lock that a dead client holds, can `leave` without the client's other calls. The lock
 * itself knows its owner: a client's thread, which may have made many calls.
 *
 * @module
 */
import type { Outlet, SharedObject } from "../../hub/object.ts";
import { after } from "../../link/waiting.ts";
import { runtime } from "../../runtime/mod.ts";
import { Kind, type Message, type Scalar } from "../../wire/message.ts";
import {
  type Blocked,
  blockedNow,
  CANCELLED,
  currentWait,
} from "../protocol/caller.ts";

/** The receivers of the answers that have not come yet, by the calls' numbers. */
const calls = new Map<number, (answer: Scalar) => void>();
let lastCall = 0;
/** Calls that wait. */
const blocked = new Map<number, Blocked>();

/** Who waits, by what a machine tells, to which each call is a process. */
export function blockedAt(waiting: readonly { process: number }[]): Blocked[] {
  return waiting.flatMap(({ process }) => blocked.get(process) ?? []);
}

/** The outlet of the machines of all objects here. */
export const outlet: Outlet = {
  send(_call, message) {
    if (message[0] !== Kind.Answer) return; // no count of what it holds is kept elsewhere
    const receive = calls.get(message[2]);
    calls.delete(message[2]);
    receive?.(message[3]);
  },
  time: () => runtime.now(),
  warn() {}, // the lock warns itself: it knows the owner's name
};

/**
 * Calls a state machine on behalf of the current caller. A call whose time is over, or that
 * the client gives up, is cancelled: the machine answers it then.
 *
 * @param machines The machine, and another one in which the call may wait too.
 * @param onAnswer Told of the answer before anything else happens.
 * @returns The answer, or a promise of it where it has to wait.
 */
export function callMachine(
  machines: readonly SharedObject[],
  message: (call: number) => Message,
  timeout: number | null,
  onAnswer: (answer: Scalar, call: number) => void = () => {},
): Scalar | Promise<Scalar> {
  const [machine] = machines;
  const call = ++lastCall;
  const cancel = () => machine!.receive(call, [Kind.Cancel, 0, call]);
  let answer: Scalar | undefined;
  let settle = (value: Scalar): void => {
    answer = value;
  };
  calls.set(call, (value) => {
    onAnswer(value, call);
    settle(value);
  });
  machine!.receive(call, message(call));
  if (answer === undefined && timeout === 0) cancel();
  if (answer !== undefined) return answer;
  const { begin, end } = currentWait();
  blocked.set(call, blockedNow(timeout));
  return new Promise((resolve, reject) => {
    let isGivenUp = false;
    const stopTimer = timeout === null || timeout === 0
      ? () => {}
      : after(timeout, cancel);
    settle = (value) => {
      stopTimer();
      blocked.delete(call);
      end();
      if (isGivenUp && value === false) reject(CANCELLED);
      else resolve(value);
    };
    begin((isGone) => {
      isGivenUp = true;
      if (!isGone) return cancel();
      calls.delete(call);
      for (const one of machines) one.leave(call);
      settle(false);
    });
  });
}

/** Calls a method without an answer. */
export function tell(machine: SharedObject, method: number, ...args: number[]): void {
  machine.receive(0, [Kind.Call, 0, 0, method, args]);
}

/** Tells a machine the outcome that the answer of a call has asked for; gives its reply. */
export function reply(
  machine: SharedObject,
  call: number,
  method: number,
  args: number[],
): Scalar | undefined {
  let answer: Scalar | undefined;
  calls.set(call, (value) => void (answer = value));
  machine.receive(call, [Kind.Call, 0, call, method, args]);
  return answer;
}
