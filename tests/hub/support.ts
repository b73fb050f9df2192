/** A hub with nothing around it: what it sends and asks for is kept to be looked at. */
import { ClaimWords, SIZE } from "../../src/hub/claim_words.ts";
import { ClaimLog, type Claims } from "../../src/hub/claims.ts";
import { type Effects, Hub } from "../../src/hub/hub.ts";
import { memoryFiles } from "./claim_memory.ts";
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
  /** Where processes claim what they take, and the hub's side of that. */
  readonly #claims = new Map<number, Claims>();
  /** Processes that would be sent something ahead if they claimed. */
  readonly offered = new Set<number>();

  constructor(processes = 0) {
    for (let id = 1; id <= processes; id++) {
      this.hub.receive(0, [Kind.Launch, id, 0, item(0), item(0)]);
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

  claims(process: number): Claims | undefined {
    return this.#claims.get(process);
  }

  offerClaims(process: number): void {
    this.offered.add(process);
  }

  /** A process claims from now on, every other one in words; gives its side. */
  claim(process: number): Claims {
    if (process % 2 === 0) {
      const memory = { buffer: new ArrayBuffer(SIZE), close: () => {} };
      this.#claims.set(process, new ClaimWords(memory, "sender"));
      return new ClaimWords(memory, "holder");
    }
    const [sender, holder] = memoryFiles();
    this.#claims.set(process, new ClaimLog(sender, "sender"));
    return new ClaimLog(holder, "holder");
  }

  /** A process claims no more, and is told `answer`. */
  endClaims(process: number, answer: ToPeer): void {
    this.hub.claimsEnded(process);
    this.#claims.delete(process);
    this.send(process, answer);
    this.hub.settle();
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
