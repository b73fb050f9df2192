/** Tests of src/link/child_end.ts: what a child's end writes, and what it keeps to itself. */

import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import { ChildEnd } from "../../src/link/child_end.ts";
import type { Peer } from "../../src/link/peer.ts";
import { offerChannel } from "../../src/link/shared_channel.ts";
import { offerClaims } from "../../src/link/claim_files.ts";
import { runtime } from "../../src/runtime/mod.ts";
import { ChildStreamDecoder } from "../../src/wire/child_stream.ts";
import { Kind, type Message, type ToHub } from "../../src/wire/message.ts";
import { noSharedFiles } from "../helpers/shared_files.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { test } from "../suite.ts";
import { MARK } from "../wire/support.ts";

turnAllOn();

/** What the end writes on stdout while `fn` runs. */
function written(fn: (end: ChildEnd) => void): Message[] {
  const messages: Message[] = [];
  const decoder = new ChildStreamDecoder(MARK, {
    onMessage: (message) => void messages.push(message),
    onText: () => ok(false, "text"),
  });
  const { writeStdoutSync } = runtime;
  runtime.writeStdoutSync = (bytes) => decoder.push(bytes.slice());
  try {
    fn(new ChildEnd(MARK, "/nowhere", { push() {} }));
  } finally {
    runtime.writeStdoutSync = writeStdoutSync;
  }
  return messages;
}

test("ChildEnd: what is posted is written, once for each call", () => {
  const sent = written((end) => {
    end.post([Kind.Ack, 5]);
    const again = end.repeat([Kind.Ack, 6]);
    again();
    again();
  });
  deepStrictEqual(sent, [[Kind.Ack, 5], [Kind.Ack, 6], [Kind.Ack, 6]]);
});

test("ChildEnd: what comes goes to the decoder, messages to the peer, work to the program", () => {
  const chunks: Uint8Array[] = [];
  const end = new ChildEnd(MARK, "/nowhere", {
    push: (chunk) => void chunks.push(chunk),
  });
  end.push(Uint8Array.of(1, 2));
  deepStrictEqual(chunks, [Uint8Array.of(1, 2)]);
  const received: unknown[] = [];
  const peer = { receive: (message: Message) => received.push(message) };
  end.start(peer as unknown as Peer, (work) => received.push(work));
  end.receive([Kind.Revoke, 5]);
  end.receive([Kind.Boot, 1, 0, Uint8Array.of(7), []] as unknown as Message);
  deepStrictEqual(received, [[Kind.Revoke, 5], Uint8Array.of(7)]);
});

test("ChildEnd: files that it cannot open are refused", () => {
  const sent = written((end) => {
    end.receive([Kind.ChannelOffer, "/nowhere/down", "/nowhere/up"]);
    end.receive([Kind.Claims, "/nowhere/1", "/nowhere/2"]);
    strictEqual(end.ownClaims, undefined);
  });
  deepStrictEqual(sent, [[Kind.ChannelOpened, false], [Kind.ClaimsOpened, false]]);
});

test("ChildEnd: with the channel open, long messages go by it", () => {
  const root = offerChannel()!;
  const long: ToHub = [Kind.Put, 5, 0, true, new Uint8Array(70_000).fill(3)];
  const sent = written((end) => {
    end.receive(root.offer);
    end.post(long);
  });
  deepStrictEqual(sent[0], [Kind.ChannelOpened, true]);
  const [, place] = sent;
  ok(place?.[0] === Kind.ByChannel);
  deepStrictEqual(root.reader.take(place), long);
  root.unlink();
  root.writer.close();
  root.reader.close();
}, { skip: noSharedFiles, leaks: "an end is open as long as its process lives" });

test("ChildEnd: claims that end make all void till the root knows", () => {
  const offered = offerClaims()!;
  const sent = written((end) => {
    end.receive([Kind.Claims, ...offered.paths]);
    ok(end.ownClaims !== undefined);
    end.endClaims();
    end.endClaims(); // again does nothing
    deepStrictEqual([end.ownClaims, end.voided, end.isVoid], [undefined, 1, true]);
    end.receive([Kind.Claims, "", ""]);
    deepStrictEqual([end.voided, end.isVoid], [1, false]);
  });
  offered.close();
  deepStrictEqual(sent, [[Kind.ClaimsOpened, true], [Kind.ClaimsOpened, false]]);
});
