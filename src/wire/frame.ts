/**
 * The format of frames, and the writers that make frames of messages.
 *
 * ```
 * D8 18 5A  LL LL LL LL  8N  1A MM MM MM MM  kind  field …  0A     towards the root
 * D8 18 5A  LL LL LL LL  8N                  kind  field …         towards a child
 * └ CBOR in a byte string ┘ └──── one CBOR array ──────────┘ newline
 * ```
 *
 * A stream of frames is a CBOR sequence (RFC 8742) of byte strings with the tag 24,
 * *encoded CBOR*; a newline is the number 10 in it. `L` is the length of the array in
 * bytes.
 *
 * **Towards the root** frames share the child's stdout with text, and with whatever
 * other programs write there. So each has a mark `M`, random and told to the child in
 * its first message: what looks like a frame but lacks the mark, or is longer than
 * {@linkcode MAX_FRAME}, is text. `D8 18` does not occur in UTF-8. A frame is no longer
 * than what a pipe takes in one go, so no other writer can get in between its bytes. A
 * message that does not fit is cut into frames `[mark, Piece, bytes]` …
 * `[mark, LastPiece, bytes]`, whose bytes joined are the message's array without mark.
 *
 * Behind each of these frames stands a {@linkcode NEWLINE} that belongs to it, though
 * `L` does not count it; it is written together with its frame, and 4096 bytes are the
 * limit for both. It is there because Deno's stdout makes two writes of bytes that have
 * a newline in them but not at their end, and other writers could get in between.
 * A reader takes the one byte behind a frame away if it is a newline, and does not wait
 * for it: a frame counts as soon as its own bytes are there.
 *
 * **Towards a child** only the root writes: there is no mark, no text, and no limit but
 * {@linkcode MAX_MESSAGE}. All bytes that are no frame are an error.
 *
 * A message of {@linkcode LONG} bytes or more may go by a shared-memory channel
 * ({@linkcode ChannelPut}); the frame then only says where it is.
 *
 * Nothing here reads, writes or waits; child_stream.ts and root_stream.ts read frames.
 *
 * @module
 */
import { ProtocolError } from "../python/errors.ts";
import { ByteWriter, writeInt32 } from "./bytes.ts";
import { OUT_OF_BAND } from "./decoder.ts";
import { ARRAY, BYTES, UNSIGNED, writeFields } from "./encoder.ts";
import { type ByChannel, Kind, type Message } from "./message.ts";

/** Bytes of a whole frame towards the root, at most: with its newline Linux's `PIPE_BUF`. */
export const MAX_FRAME = 4095;

/** The byte behind every frame towards the root; not part of its length. */
export const NEWLINE = 0x0a;

/** Bytes of one encoded message, at most: 1 GiB. */
export const MAX_MESSAGE = 1 << 30;

/** The bytes that every frame begins with: tag 24, and a byte string's long head. */
export const START = [0xd8, 0x18, 0x5a] as const;

/** Bytes of a frame before the array: {@linkcode START} and the length. */
export const HEADER = 7;

/** Bytes of a frame towards the root before the kind: header, head of the array, mark. */
export const PROLOGUE = 13;

/** Bytes of a frame `[mark, Piece, bytes]` that are not `bytes`. */
const PIECE_OVERHEAD = PROLOGUE + 4;

/** From this length on bytes are written to a child without a copy, or go by a channel. */
export const LONG: number = OUT_OF_BAND;

/**
 * Puts a message, whose bytes are `runs`, into a channel, if it can. The result is sent in
 * its place. `places` are the start and the length of each byte string of {@linkcode LONG}
 * bytes or more, alternately.
 */
export type ChannelPut = (
  runs: Uint8Array[],
  places: number[],
) => ByChannel | undefined;

/** Bytes that a batch makes room for at once. */
const ROOM = 1 << 14;

/**
 * Writes messages towards the root, each with one `write` or, if it is long, several.
 * Each write ends with a newline and has 4096 bytes at most, or as many as a pipe takes.
 */
export class FrameWriter {
  /** Is asked first with messages of {@linkcode LONG} bytes or more. */
  channel: ChannelPut | undefined;
  readonly #write: (bytes: Uint8Array) => void;
  readonly #limit: number;
  /** Begins with the prologue, always; what follows is the message being sent. */
  readonly #message: ByteWriter = new ByteWriter(2 * MAX_FRAME, MAX_FRAME);
  /** A frame for a piece, prologue included, and room for the newline. */
  readonly #piece: Uint8Array = new Uint8Array(MAX_FRAME + 1);
  /** The frames that `#message` held, by length: to make a view costs a tenth of a put. */
  #views: Uint8Array[] = [];
  /** The buffer that `#views` show. */
  #viewed: Uint8Array | undefined;

  /**
   * @param write Writes all of the bytes, synchronously; they change after its return.
   * @param limit Bytes of a frame, where a pipe takes fewer in one go.
   */
  constructor(
    mark: number,
    write: (bytes: Uint8Array) => void,
    limit: number = MAX_FRAME,
  ) {
    this.#write = write;
    this.#limit = limit;
    this.#message.length = PROLOGUE;
    for (const bytes of [this.#message.buffer, this.#piece]) {
      bytes.set(START);
      bytes[HEADER + 1] = UNSIGNED | 26;
      writeInt32(bytes, HEADER + 2, mark);
    }
    this.#piece[HEADER] = ARRAY | 3;
    this.#piece[PROLOGUE + 1] = BYTES | 25;
  }

  /**
   * Writes a message; it is in the pipe when this returns. Throws ProtocolError, and writes
   * nothing, if it does not fit its schema or is longer than {@linkcode MAX_MESSAGE}.
   */
  send(message: Message): void {
    const writer = this.#message;
    try {
      const size = this.#encode(message);
      if (size <= this.#limit) this.#write(this.#ended(size));
      else this.#sendLong(message.length);
    } finally {
      writer.truncate(PROLOGUE);
    }
  }

  /** Encodes a message that is sent often; throws ProtocolError if it needs several frames. */
  prepare(message: Message): Uint8Array {
    const writer = this.#message;
    try {
      const size = this.#encode(message);
      if (size > this.#limit) {
        throw new ProtocolError(`a prepared message of ${size} bytes is too long`);
      }
      return this.#ended(size).slice();
    } finally {
      writer.truncate(PROLOGUE);
    }
  }

  /** Writes a message that has been encoded by {@linkcode FrameWriter.prepare}. */
  sendPrepared(frame: Uint8Array): void {
    this.#write(frame);
  }

  /** The frame in `#message`, with the newline behind it. */
  #ended(size: number): Uint8Array {
    const { buffer } = this.#message;
    if (buffer !== this.#viewed) [this.#viewed, this.#views] = [buffer, []];
    // There is room: a frame that fits is in the buffer, which is twice as long.
    buffer[size] = NEWLINE;
    return this.#views[size] ??= buffer.subarray(0, size + 1);
  }

  /** Makes the frame of a message in `#message`, and tells its size; it may be too big. */
  #encode(message: Message): number {
    const writer = this.#message;
    writeFields(writer, message);
    const size = writer.size;
    checkSize(size - PROLOGUE + 1);
    const { buffer } = writer;
    writeInt32(buffer, 3, size - HEADER);
    buffer[HEADER] = ARRAY | (message.length + 1);
    return size;
  }

  /** Sends `#message`, an array of `count` elements that is too long for a frame. */
  #sendLong(count: number): void {
    const writer = this.#message;
    // The array's head goes where the mark's last byte was, in front of the kind.
    const start = PROLOGUE - 1;
    const spoilt = writer.buffer[start]!;
    writer.buffer[start] = ARRAY | count;
    let sent: ByChannel | undefined;
    try {
      const runs = writer.runs(start);
      const length = writer.size - start;
      if (length >= LONG) sent = this.channel?.(runs, writer.places(start, LONG));
      if (sent === undefined) this.#sendPieces(runs, length);
    } finally {
      writer.buffer[start] = spoilt;
    }
    if (sent === undefined) return;
    writer.truncate(PROLOGUE);
    this.send(sent);
  }

  #sendPieces(runs: Uint8Array[], length: number): void {
    let left = length;
    let filled = PIECE_OVERHEAD;
    for (const run of runs) {
      for (let at = 0; at < run.length;) {
        const part = run.subarray(at, at + this.#limit - filled);
        this.#piece.set(part, filled);
        at += part.length;
        filled += part.length;
        left -= part.length;
        if (filled === this.#limit || left === 0) {
          this.#sendPiece(filled, left === 0);
          filled = PIECE_OVERHEAD;
        }
      }
    }
  }

  #sendPiece(size: number, last: boolean): void {
    const piece = this.#piece;
    const length = size - PIECE_OVERHEAD;
    writeInt32(piece, 3, size - HEADER);
    piece[PROLOGUE] = last ? Kind.LastPiece : Kind.Piece;
    piece[PROLOGUE + 2] = length >>> 8;
    piece[PROLOGUE + 3] = length;
    piece[size] = NEWLINE;
    this.#write(piece.subarray(0, size + 1));
  }
}

/** Gathers messages towards a child, to be written together. */
export class FrameBatch {
  /** Is asked first with messages of {@linkcode LONG} bytes or more. */
  channel: ChannelPut | undefined;
  /** The frames so far. */
  readonly #frames: ByteWriter = new ByteWriter(ROOM, LONG);

  /** Bytes gathered so far. */
  get size(): number {
    return this.#frames.size;
  }

  /**
   * Adds a message, and gives its size. Its byte strings of {@linkcode LONG} bytes or more
   * must not change before `take`. Throws ProtocolError, and leaves the batch as it was, if
   * it does not fit its schema or is longer than {@linkcode MAX_MESSAGE}.
   */
  add(message: Message): number {
    const frames = this.#frames;
    const { length, size } = frames;
    let messageSize: number;
    try {
      frames.reserve(HEADER + 1);
      frames.length = length + HEADER + 1;
      writeFields(frames, message);
      messageSize = frames.size - size - HEADER;
      checkSize(messageSize);
      const { buffer } = frames;
      buffer[length] = START[0];
      buffer[length + 1] = START[1];
      buffer[length + 2] = START[2];
      writeInt32(buffer, length + 3, messageSize);
      buffer[length + HEADER] = ARRAY | message.length;
    } catch (error) {
      frames.truncate(length);
      throw error;
    }
    if (messageSize >= LONG) this.#sendByChannel(length);
    return messageSize;
  }

  /** Sends the message whose frame begins at `length` by the channel, if there is one. */
  #sendByChannel(length: number): void {
    const frames = this.#frames;
    const start = length + HEADER;
    const sent = this.channel?.(frames.runs(start), frames.places(start, LONG));
    if (sent === undefined) return;
    frames.truncate(length);
    this.add(sent);
  }

  /** Takes all frames out, as bytes that belong to the caller. */
  take(): Uint8Array {
    return this.#frames.take();
  }

  /**
   * Takes all frames out as runs of bytes, to be written one after the other. Byte strings
   * of {@linkcode LONG} bytes or more are runs of their own and not copied: they must not
   * change until they are written.
   */
  takeRuns(): Uint8Array[] {
    return this.#frames.takeRuns();
  }
}

function checkSize(size: number): void {
  if (size <= MAX_MESSAGE) return;
  throw new ProtocolError(`a message of ${size} bytes is longer than ${MAX_MESSAGE}`);
}
