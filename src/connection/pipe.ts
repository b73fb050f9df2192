/**
 * `Pipe`, and how a connection is put together again in the process it has come to.
 *
 * @module
 */
import { parseArguments, signature } from "../arguments.ts";
import { UnpicklingError } from "../errors.ts";
import { ObjectType } from "../hub/object.ts";
import { currentPeer } from "../peer.ts";
import { registerRebuilder } from "../reduction.ts";
import { Kind } from "../wire/message.ts";
import { Connection } from "./connection.ts";
import { type EndFields, PipeEnd } from "./pipe_end.ts";

const PIPE = signature<{ duplex: unknown }>("BaseContext.Pipe", { duplex: true });

/** What travels of a connection. */
interface ConnectionFields {
  transport: string;
  fields: EndFields;
  readable: boolean;
  writable: boolean;
}

registerRebuilder<ConnectionFields>("Connection", (fields) => {
  if (fields?.transport !== "PipeEnd") {
    throw new UnpicklingError("malformed connection");
  }
  const end = PipeEnd.from(currentPeer(), fields.fields);
  return new Connection(
    end,
    fields.readable && end.reads,
    fields.writable && end.writes,
  );
});

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
  const peer = currentPeer();
  const first = peer.newId();
  const second = peer.newId();
  peer.post([Kind.Create, first, ObjectType.PipeEnd, []]);
  peer.post([Kind.Create, second, ObjectType.PipeEnd, [first, duplex ? 1 : 0]]);
  return [
    new Connection(new PipeEnd(peer, first, true, duplex), true, duplex),
    new Connection(new PipeEnd(peer, second, duplex, true), duplex, true),
  ];
}
