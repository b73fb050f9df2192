/**
 * How objects travel over sockets: as CBOR between our programs and as pickles to and
 * from CPython's, whichever was asked for; else as CBOR, until the other side sends a
 * pickle.
 *
 * @module
 */
import { dumps, loads, type PendingPayload } from "../reduction.ts";
import type { Payload } from "../wire/message.ts";
import { loads as loadPickle } from "../wire/pickle/reader.ts";
import { dumps as dumpPickle } from "../wire/pickle/writer.ts";
import type { Codec } from "./transport.ts";

/** How objects travel. */
export type CodecName = "cbor" | "pickle";

const PROTO = 0x80;
const STOP = 0x2e;
const NEWEST_PROTOCOL = 5;

/** Whether a message is a pickle of protocol 2 or later: no CBOR item looks like one. */
function isPickle(message: Payload): boolean {
  return message.length > 2 && message[0] === PROTO && message[1]! >= 2 &&
    message[1]! <= NEWEST_PROTOCOL && message.at(-1) === STOP;
}

/** See the file's head. */
export class SocketCodec implements Codec {
  #name: CodecName | undefined;

  constructor(name: CodecName | undefined) {
    this.#name = name;
  }

  /** What was asked for, or what has been found out; undefined until then. */
  get name(): CodecName | undefined {
    return this.#name;
  }

  encode(value: unknown): Payload | PendingPayload {
    return this.#name === "pickle" ? dumpPickle(value) : dumps(value);
  }

  decode(message: Payload): unknown {
    this.#name ??= isPickle(message) ? "pickle" : undefined;
    return this.#name === "pickle" ? loadPickle(message) : loads(message);
  }
}
