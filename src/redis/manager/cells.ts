/**
 * Cells: what a container on the server holds, `MARK REFS;PAYLOAD`. See
 * scripts/manager_parts.ts.
 *
 * @module
 */
import type { Payload } from "../../wire/message.ts";
import type { Base } from "../base.ts";
import type { Argument, Reply } from "../driver/connection.ts";
import { Payloads } from "../payloads.ts";
import { collecting } from "../references.ts";
import { keyOfText, keyText, markOf, NotYet, sending, tellsAll } from "./canonical.ts";

const encoder = new TextEncoder();
const [SPACE, SEMICOLON] = [0x20, 0x3b];

/** A key as the server has it, and its payload if the text does not tell all. */
export interface Key {
  readonly text: string;
  readonly name: Argument;
}

/** Encodes and decodes what one container holds. */
export class Cells {
  readonly #base: Base;
  readonly #id: string;
  readonly #elements: Payloads;

  /** @param id The number of the container. */
  constructor(base: Base, id: string) {
    this.#base = base;
    this.#id = id;
    this.#elements = new Payloads(base.settings.authkey, id);
  }

  /** An element of a list. @throws {PicklingError | NotYet} */
  element(value: unknown): Uint8Array {
    return this.#cell(this.#elements, value, markOf(value));
  }

  /** The cells of elements. @throws {PicklingError | NotYet} */
  elements(values: readonly unknown[]): Uint8Array[] {
    return values.map((value) => this.element(value));
  }

  /** What elements that equal a value have in common. @throws {PicklingError | NotYet} */
  mark(value: unknown): string {
    return markOf(value);
  }

  /** The value of a key, or a member of a set. @throws {PicklingError | NotYet} */
  value(key: string, value: unknown): Uint8Array {
    return this.#cell(this.#payloadsOf(key), value, "");
  }

  /** A key. @throws {TypeError | PicklingError | NotYet} */
  key(key: unknown): Key {
    const text = keyText(key);
    const name = tellsAll(key)
      ? ""
      : now(sending(() => this.#payloadsOf(`${text}\0key`).dump(key)));
    return { text, name };
  }

  /** Entries as arguments of a script: key, its payload, and cell. */
  entries(pairs: Iterable<readonly [unknown, unknown]>): Argument[] {
    const args: Argument[] = [];
    for (const [key, value] of pairs) {
      const { text, name } = this.key(key);
      args.push(text, name, this.value(text, value));
    }
    return args;
  }

  /** Members of a set as such arguments. */
  members(values: Iterable<unknown>): Argument[] {
    const args: Argument[] = [];
    for (const value of values) {
      const text = keyText(value);
      args.push(text, "", this.value(text, value));
    }
    return args;
  }

  /** Decodes an element. @throws {AuthenticationError} if it was not signed with the key */
  loadElement(cell: Reply | undefined): unknown {
    return this.#elements.load(payloadOf(cell));
  }

  /** Decodes the value of a key, or a member. @throws {AuthenticationError} as above */
  loadValue(key: string, cell: Reply | undefined): unknown {
    return this.#payloadsOf(key).load(payloadOf(cell));
  }

  /** Decodes a key. @throws {AuthenticationError} as above */
  loadKey(key: string, name: Uint8Array): unknown {
    return name.length === 0
      ? keyOfText(key)
      : this.#payloadsOf(`${key}\0key`).load(name);
  }

  /** What is under a key is signed together with it. */
  #payloadsOf(key: string): Payloads {
    const { authkey } = this.#base.settings;
    return authkey === null
      ? this.#elements
      : new Payloads(authkey, `${this.#id}\0${key}`);
  }

  #cell(payloads: Payloads, value: unknown, mark: string): Uint8Array {
    const { result, ids } = collecting(() =>
      sending(() => payloads.dump(value ?? null))
    );
    const payload = now(result);
    const head = encoder.encode(`${mark} ${ids.join(",")};`);
    const cell = new Uint8Array(head.length + payload.length);
    cell.set(head);
    cell.set(payload, head.length);
    return cell;
  }
}

/** @throws {NotYet} if it is no payload yet */
function now(payload: Payload | Promise<Payload>): Payload {
  if (payload instanceof Promise) throw new NotYet(payload);
  return payload;
}

/** The payload in a cell. */
function payloadOf(reply: Reply | undefined): Uint8Array {
  const cell = reply as Uint8Array;
  return cell.subarray(cell.indexOf(SEMICOLON, cell.indexOf(SPACE)) + 1);
}
