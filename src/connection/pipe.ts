/**
 * `Pipe`, and how a connection is put together again in the process it has come to.
 *
 * @module
 */
import { parseArguments, signature } from "../arguments.ts";
import { UnpicklingError } from "../errors.ts";
import { ObjectType } from "../hub/object.ts";
import { currentPeer, type Peer } from "../peer.ts";
import { registerFamily, registerRebuilder } from "../reduction.ts";
import { Kind } from "../wire/message.ts";
import { Connection } from "./connection.ts";
import { type EndFields, PipeEnd } from "./pipe_end.ts";
import type { Transport } from "./transport.ts";

const PIPE = signature<{ duplex: unknown }>("BaseContext.Pipe", { duplex: true });

/** What travels of a connection. */
interface ConnectionFields {
  transport: string;
  fields: EndFields;
  readable: boolean;
  writable: boolean;
}

/** Something that carries messages and has come from another process. */
export interface Arrived extends Transport {
  readonly reads: boolean;
  readonly writes: boolean;
}

const transports = new Map<string, (fields: EndFields) => Arrived>([
  ["PipeEnd", (fields) => PipeEnd.from(currentPeer(), fields)],
]);

/**
 * Says how a kind of transport is made again where it arrives.
 *
 * @param name As its `reduce` gives it.
 * @param make Gets the fields that `reduce` gave. They come from another process: check
 * them.
 */
export function registerTransport<F extends EndFields>(
  name: string,
  make: (fields: F) => Arrived,
): void {
  transports.set(name, make as (fields: EndFields) => Arrived);
}

// What is made of a socket's connection needs pickles, which most programs never see.
registerFamily("relayed", () => import("./relayed.ts"));

registerRebuilder<ConnectionFields>("Connection", (fields) => {
  const make = transports.get(fields?.transport);
  if (make === undefined) throw new UnpicklingError("malformed connection");
  const end = make(fields.fields);
  return new Connection(
    end,
    fields.readable && end.reads,
    fields.writable && end.writes,
  );
});

/** The two ends of a new pipe; without `duplex` the first one only reads. */
export function makeEnds(peer: Peer, duplex: boolean): [PipeEnd, PipeEnd] {
  const first = peer.newId();
  const second = peer.newId();
  peer.post([Kind.Create, first, ObjectType.PipeEnd, []]);
  peer.post([Kind.Create, second, ObjectType.PipeEnd, [first, duplex ? 1 : 0]]);
  return [
    new PipeEnd(peer, first, true, duplex),
    new PipeEnd(peer, second, duplex, true),
  ];
}

/**
 * Makes a pipe. CPython: `multiprocessing.Pipe`.
 *
 * `A` is the type of the objects that the first connection receives, `B` of those that
 * the second receives.
 *
 * @param duplex False for a pipe that goes one way: from the second connection, which can
 * only send, to the first, which can only receive.
 * @returns Its two ends.
 *
 * @example
 * ```ts
 * import { Pipe } from "@pystd/multiprocessing";
 * const [reader, writer] = Pipe<string>(false);
 * await writer.send("hello");
 * console.log(await reader.recv()); // hello
 * ```
 */
// deno-lint-ignore no-explicit-any -- an untyped pipe takes anything
export function Pipe<A = any, B = any>(
  duplex?: boolean | { duplex?: boolean },
): [Connection<A, B>, Connection<B, A>];
export function Pipe(...given: unknown[]): [Connection, Connection] {
  const duplex = Boolean(parseArguments(PIPE, given).duplex);
  const [first, second] = makeEnds(currentPeer(), duplex);
  return [
    new Connection(first, true, duplex),
    new Connection(second, duplex, true),
  ];
}
