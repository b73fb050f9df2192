/**
 * `Pipe`, and the rebuilding of its ends in the processes that they are sent to.
 *
 * @module
 */
import { ObjectType } from "../hub/object.ts";
import { observed } from "../link/observed.ts";
import { currentPeer, type Peer } from "../link/peer.ts";
import { parseArguments, signature } from "../python/arguments.ts";
import { Kind } from "../wire/message.ts";
import { Connection, registerConnection } from "./connection.ts";
import { PIPE_END, PipeEnd } from "./pipe_end.ts";
import type { EndFields } from "./transport.ts";

const PIPE = signature<{ duplex: unknown }>("BaseContext.Pipe", { duplex: true });

registerConnection(PIPE_END, (end: EndFields) => PipeEnd.from(currentPeer(), end));

/** The two ends of a new pipe; without `duplex` the first one only reads. */
export function makeEnds(peer: Peer, duplex: boolean): [PipeEnd, PipeEnd] {
  const first = peer.newId();
  const second = peer.newId();
  peer.post([Kind.Create, first, ObjectType.PipeEnd, []]);
  peer.post([Kind.Create, second, ObjectType.PipeEnd, [first, duplex ? 1 : 0]]);
  observed.by?.made(first, "Connection");
  observed.by?.made(second, "Connection");
  return [
    new PipeEnd(peer, first, true, duplex),
    new PipeEnd(peer, second, duplex, true),
  ];
}

/**
 * Makes a pipe. CPython: `multiprocessing.Pipe`.
 *
 * `A` is the type of what the first connection receives and the second sends, `B` of what
 * the second receives and the first sends: `Connection<Receives, Sends>`.
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
 * // `Pipe<Answer, Question>`: `mine` receives what is the first.
 * const [mine, theirs] = Pipe<number, string>();
 * await mine.send("six times seven");
 * console.log(await theirs.recv()); // six times seven
 * await theirs.send(42);
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
