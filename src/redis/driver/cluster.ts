/**
 * Servers that are a cluster. All keys of a context are in one slot, so one server has them at
 * a time: connections go there, whichever server the user has named. When the slot moves, or
 * another server takes over, calls are refused (MOVED), the connection counts as lost, and the
 * next one goes to where the slot is then.
 *
 * @module
 */
import { osError } from "../../python/errors.ts";
import {
  type Connect,
  type Connection,
  listOf,
  type Node,
  type Reply,
  textOf,
} from "./connection.ts";
import { isPassing, translated } from "./errors.ts";

/** What a server says of the slot of a key. */
interface Owner {
  readonly isHere: boolean;
  /** Where that is; undefined if it does not say. */
  readonly node: Node | undefined;
  /** All servers that it knows. */
  readonly nodes: readonly Node[];
}

/** Connects to the server that has a key, or to the one there is where it is no cluster. */
export function toOwner(connect: Connect, key: string): Connect {
  /** Where the key was last, and where to ask if nobody answers there. */
  let known: readonly Node[] = [];
  return async (onLost) => {
    const [connection, asked] = await connectToAny(connect, onLost, known);
    let owner: Owner | undefined;
    try {
      owner = await ownerOf(connection, key, asked);
    } catch (error) {
      connection.close();
      throw error;
    }
    if (owner === undefined) return connection;
    const { isHere, node, nodes } = owner;
    if (node !== undefined) known = [node, ...nodes];
    if (isHere || node === undefined) return connection;
    connection.close();
    return await connect(onLost, node);
  };
}

/** Connects to where the key was, else to where the user says, else to any that is known. */
async function connectToAny(
  connect: Connect,
  onLost: (reason: unknown) => void,
  [last, ...others]: readonly Node[],
): Promise<[Connection, Node | undefined]> {
  const places = last === undefined ? [undefined] : [last, undefined, ...others];
  let failure: unknown;
  for (const place of places) {
    try {
      return [await connect(onLost, place), place];
    } catch (error) {
      failure ??= error;
      if (!isPassing(error) && !isPassing(translated(error))) throw error;
    }
  }
  throw failure;
}

/**
 * Asks a server who has a key.
 *
 * @param asked Where it is, if that is known: a server need not know its own address.
 * @returns Undefined if it is in no cluster, or does not say.
 */
async function ownerOf(
  connection: Connection,
  key: string,
  asked: Node | undefined,
): Promise<Owner | undefined> {
  const questions = [["SLOTS"], ["KEYSLOT", key], ["MYID"]];
  const answers = await Promise.all(
    questions.map((question) =>
      connection.send(["CLUSTER", ...question]).catch((error): undefined => {
        if (isPassing(error) || isPassing(translated(error))) throw error;
      })
    ),
  );
  const [slots, slot, me] = answers;
  if (slots === undefined || typeof slot !== "number" || me === undefined) {
    return undefined;
  }
  const ranges = listOf(slots).map(listOf);
  const range = ranges.find(([first, last]) =>
    Number(first) <= slot && slot <= Number(last)
  );
  if (range === undefined) throw osError("EHOSTUNREACH");
  const isHere = textOf(listOf(range[2])[2]) === textOf(me);
  const node = nodeOf(range[2], asked);
  const nodes = ranges.flatMap((range) =>
    range.slice(2).map((one) => nodeOf(one, asked))
  );
  return { isHere, node, nodes: nodes.filter((one) => one !== undefined) };
}

/** A server, as another tells of it: `host, port, …`; an empty host is that of the one asked. */
function nodeOf(told: Reply | undefined, asked: Node | undefined): Node | undefined {
  const [name, port] = listOf(told);
  const host = name === null ? "" : textOf(name);
  if (host !== "" && host !== "?") return { host, port: Number(port) };
  return asked === undefined ? undefined : { host: asked.host, port: Number(port) };
}
