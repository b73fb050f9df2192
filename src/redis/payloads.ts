/**
 * Values as the bytes that lie in the database, and back: data only, by the same rules as in
 * queues between processes, and signed if the context has a key.
 *
 * ```
 * without a key:  PAYLOAD
 * with one:       HMAC-SHA256 of object and payload (32 bytes) · PAYLOAD
 * ```
 *
 * The signature names the object, so an item cannot be moved to another queue by who has the
 * server and not the key. That it is given out twice, or in another order, it does not tell.
 *
 * @module
 */
import { AuthenticationError } from "../python/errors.ts";
import { dumps, loads, PendingPayload } from "../reduction/mod.ts";
import { hmac } from "../runtime/hmac.ts";
import type { Payload } from "../wire/message.ts";

/** Bytes of a signature. */
const LENGTH = 32;

const encoder = new TextEncoder();

/** Encodes and decodes the payloads of one object. */
export class Payloads {
  readonly #authkey: Uint8Array | null;
  readonly #object: string;

  /** @param object The name of the object in the database. */
  constructor(authkey: Uint8Array | null, object: string) {
    this.#authkey = authkey;
    this.#object = object;
  }

  /** Encodes a value as it is now. @throws {PicklingError} if it cannot be sent */
  dump(value: unknown): Payload | Promise<Payload> {
    const payload = dumps(value);
    return payload instanceof PendingPayload
      ? payload.resolve().then((payload) => this.#sign(payload))
      : this.#sign(payload);
  }

  /**
   * Decodes a value.
   *
   * @throws {AuthenticationError} if it was not signed with the key
   */
  load(bytes: Uint8Array): unknown {
    const payload = this.#authkey === null ? bytes : this.#verify(this.#authkey, bytes);
    return loads(payload);
  }

  /** Bytes as they are, signed if there is a key. */
  seal(bytes: Payload): Payload {
    return this.#sign(bytes);
  }

  /** The bytes that were sealed. @throws {AuthenticationError} if that was not with the key */
  open(bytes: Uint8Array): Payload {
    return this.#authkey === null ? bytes : this.#verify(this.#authkey, bytes);
  }

  #sign(payload: Payload): Payload {
    if (this.#authkey === null) return payload;
    const signed = new Uint8Array(LENGTH + payload.length);
    signed.set(this.#digest(this.#authkey, payload));
    signed.set(payload, LENGTH);
    return signed;
  }

  #verify(key: Uint8Array, bytes: Uint8Array): Payload {
    const payload = bytes.subarray(LENGTH);
    const digest = this.#digest(key, payload);
    let difference = bytes.length < LENGTH ? 1 : 0;
    for (let i = 0; i < LENGTH; i++) difference |= digest[i]! ^ (bytes[i] ?? 0);
    if (difference !== 0) {
      throw new AuthenticationError(`digest of an item of ${this.#object} was wrong`);
    }
    return payload;
  }

  #digest(key: Uint8Array, payload: Uint8Array): Uint8Array {
    const object = encoder.encode(`${this.#object}\0`);
    const data = new Uint8Array(object.length + payload.length);
    data.set(object);
    data.set(payload, object.length);
    return hmac("sha256", key, data)!;
  }
}
