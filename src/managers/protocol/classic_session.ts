/**
 * One connection of a manager's server where the client is CPython's: one request at a
 * time, in pickles. It begins with a request to the server itself; after
 * `accept_connection` requests to objects follow.
 *
 * Mirrors `Server._handle_request` and `serve_client` of `multiprocessing/managers.py`.
 * A CPython client counts its references on connections of their own, so the count is
 * kept for all of them together: those of one that was killed stay, as in CPython.
 *
 * @module
 */
import type { MessageSocket } from "../../connection/message_socket.ts";
import { UnpicklingError } from "../../python/errors.ts";
import { formatException } from "../../python/traceback.ts";
import type { PyToken } from "../../pickle/managers.ts";
import { PyTuple } from "../../pickle/types.ts";
import {
  isThenable,
  malformed,
  parseId,
  type References,
  RequestError,
  Stored,
  textOf,
} from "../objects.ts";
import type { ServerCore } from "../server_core.ts";
import { callAs, CANCELLED, Owner, Waits } from "./caller.ts";
import {
  asKeywords,
  dumpPickle,
  fromPyToken,
  loadPickle,
  pyToken,
} from "./pickling.ts";
import { Token } from "./token.ts";

type Message = readonly [kind: string, value: unknown];

/** Requests that may have come before they can be begun; more stay in the socket. */
const MAX_AHEAD = 16;

/** Reads the requests of one connection, and answers them. */
export class ClassicSession {
  readonly #core: ServerCore;
  readonly #socket: MessageSocket;
  readonly #references: References;
  readonly #owner: Owner;
  readonly #waits = new Waits();
  readonly #unread: Uint8Array[] = [];
  #isBusy = false;
  /** Whether requests are to objects. */
  #isAccepted = false;
  /** Whether the last request was none: the connection ends once it has been answered. */
  #isMalformed = false;

  /** @param references Those of all such clients. */
  constructor(
    core: ServerCore,
    socket: MessageSocket,
    name: string,
    references: References,
  ) {
    this.#core = core;
    this.#socket = socket;
    this.#owner = new Owner(name);
    this.#references = references;
  }

  /** Takes over the connection, on which `first` has come. */
  start(first: Uint8Array): void {
    this.#receive(first);
    this.#socket.start({
      onMessage: (message) => this.#receive(message.slice()),
      onEnd: () => this.end(),
    });
  }

  /** The client is gone. */
  end(): void {
    this.#waits.end();
    // CPython says no goodbye: whether it was killed cannot be told.
    this.#owner.end(true);
    this.#core.left(this);
  }

  /** Ends the connection. */
  close(): void {
    this.#socket.close();
    this.end();
  }

  #receive(message: Uint8Array): void {
    this.#unread.push(message);
    if (this.#unread.length >= MAX_AHEAD) this.#socket.setPaused(true);
    if (this.#isBusy) return;
    // Whatever one client causes is the end of its connection at most.
    this.#work().catch((error) => this.#socket.fail(error));
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    for (;;) {
      const message = this.#unread.shift();
      if (message === undefined) break;
      this.#socket.setPaused(false);
      const answer = this.#handle(message);
      this.#answer(isThenable(answer) ? await answer as Message : answer as Message);
    }
    this.#isBusy = false;
  }

  #handle(message: Uint8Array): Message | Promise<Message> {
    let result: unknown;
    try {
      const [ident, name, args, keywords] = readRequest(message);
      result = this.#isAccepted
        ? callAs(
          this.#owner,
          this.#waits,
          1,
          () => this.#call(ident, name, args, keywords),
        )
        : this.#public(name, args, keywords);
    } catch (error) {
      this.#isMalformed = error instanceof RequestError && error.isMalformed;
      return failure(error, this.#isAccepted);
    }
    if (!isThenable(result)) return this.#success(result);
    return result.then(
      (value) => this.#success(value),
      (error) => failure(error, this.#isAccepted),
    );
  }

  #call(ident: unknown, name: unknown, args: unknown[], kwds: object | null): unknown {
    const { objects } = this.#core;
    const entry = objects.need(parseId(ident));
    try {
      return objects.call(entry, textOf(name), args, kwds);
    } catch (error) {
      if (error instanceof RequestError) throw error;
      throw new Thrown(error);
    }
  }

  #public(name: unknown, args: unknown[], kwds: object | null): unknown {
    const { objects } = this.#core;
    switch (name) {
      case "accept_connection":
        this.#isAccepted = true;
        return null;
      case "incref":
        this.#references.add(objects.need(parseId(args[0])));
        return null;
      case "decref":
        this.#references.remove(objects.need(parseId(args[0])));
        return null;
      case "get_methods":
        return PyTuple.from(
          this.#core.public(name, [fromPyToken(args[0]).id], kwds) as string[],
        );
      case "create": {
        const made = this.#core.public(name, args, kwds) as Stored | Promise<Stored>;
        return isThenable(made)
          ? made.then((made) => this.#made(made))
          : this.#made(made);
      }
      default:
        return this.#core.public(name, args, kwds);
    }
  }

  /** What `create` answers. */
  #made({ entry, exposed }: Stored): unknown {
    this.#references.add(entry);
    return PyTuple.of<unknown>(entry.id.toString(16), PyTuple.from(exposed));
  }

  #success(value: unknown): Message {
    if (!(value instanceof Stored)) return ["#RETURN", value];
    const { typeid, entry, exposed } = value;
    this.#references.add(entry);
    const token: PyToken = pyToken(
      new Token(typeid, this.#core.address, entry.id.toString(16)),
    );
    return ["#PROXY", PyTuple.of<unknown>(PyTuple.from(exposed), token)];
  }

  #answer([kind, value]: Message): void {
    let bytes: Uint8Array;
    try {
      bytes = dumpPickle(PyTuple.of<unknown>(kind, value));
    } catch (error) {
      bytes = dumpPickle(PyTuple.of("#UNSERIALIZABLE", traceback(error)));
    }
    const isLast = !this.#isAccepted || this.#isMalformed;
    this.#core.answers.send(() => {
      if (!this.#socket.isOpen) return;
      this.#socket.send(bytes);
      if (isLast) this.close();
    });
  }
}

/**
 * The parts of a request.
 *
 * @throws {RequestError} if it has others
 * @throws {UnpicklingError} if it cannot be read: it may name what is not known here
 */
function readRequest(
  message: Uint8Array,
): [ident: unknown, name: unknown, args: unknown[], kwds: object | null] {
  const request = loadPickle(message);
  if (!Array.isArray(request) || request.length !== 4) {
    throw malformed("no 4-tuple");
  }
  const [ident, name, args, kwds] = request;
  if (!Array.isArray(args)) throw malformed("arguments are no tuple");
  const isDict = kwds === null || typeof kwds === "object" && !Array.isArray(kwds);
  if (!isDict) throw malformed("keywords are no dict");
  return [ident, name, args, asKeywords(kwds)];
}

/** What a method itself has thrown. */
class Thrown {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}

function failure(error: unknown, isCall: boolean): Message {
  if (error instanceof RequestError) return ["#TRACEBACK", error.text];
  if (error === CANCELLED) return ["#TRACEBACK", "cancelled\n"];
  if (error instanceof Thrown) return ["#ERROR", error.error];
  // A promise of a method's that was rejected.
  return isCall && !(error instanceof UnpicklingError)
    ? ["#ERROR", error]
    : ["#TRACEBACK", traceback(error)];
}

function traceback(error: unknown): string {
  return `Traceback (most recent call last):\n${formatException(error)}`;
}
