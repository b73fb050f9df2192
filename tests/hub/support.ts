/** A hub with nothing around it: what it sends and asks for is kept to be looked at. */
import { type Effects, Hub } from "../../src/hub/hub.ts";
import { Kind, type ToHub, type ToPeer } from "../../src/wire/message.ts";

/** Bytes that stand for a value. */
export function item(value: number): Uint8Array {
  return Uint8Array.of(value);
}

/** See above. Processes 1, 2, … are children of the root. */
export class TestHub implements Effects {
  readonly hub: Hub = new Hub(this);
  /** What each process was sent. */
  readonly sent = new Map<number, ToPeer[]>();
  readonly launched: number[] = [];
  readonly signals: [process: number, signal: number][] = [];
  readonly warnings: [process: number, text: string][] = [];
  readonly timers = new Set<() => void>();
  time = 0;

  constructor(processes = 0) {
    for (let id = 1; id <= processes; id++) {
      this.hub.receive(0, [Kind.Launch, id, 0, item(0)]);
    }
  }

  send(process: number, message: ToPeer): void {
    const list = this.sent.get(process) ?? [];
    // Kept as it is now: the hub may go on using an array that is in it.
    list.push(message.map((part) => Array.isArray(part) ? [...part] : part) as never);
    this.sent.set(process, list);
  }

  launch(process: number): void {
    this.launched.push(process);
  }

  signal(process: number, signal: number): void {
    this.signals.push([process, signal]);
  }

  warn(process: number, text: string): void {
    this.warnings.push([process, text]);
  }

  now(): number {
    return this.time;
  }

  setTimer(callback: () => void): unknown {
    this.timers.add(callback);
    return callback;
  }

  clearTimer(timer: unknown): void {
    this.timers.delete(timer as () => void);
  }

  /** A message of a process, handled whole. */
  receive(process: number, message: ToHub): void {
    this.hub.receive(process, message);
    this.hub.settle();
  }

  /** Everything a process was sent since the last look. */
  take(process: number): ToPeer[] {
    const list = this.sent.get(process) ?? [];
    this.sent.delete(process);
    return list;
  }

  /** Lets all timers ring. */
  ring(): void {
    const due = [...this.timers];
    this.timers.clear();
    for (const callback of due) callback();
  }
}
