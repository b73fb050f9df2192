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
import type { PyToken } from "../../pickle/managers.ts";
import { PyTuple } from "../../pickle/types.ts";
import {
  isThenable,
  keywordsOf,
  listOf,
  parseId,
  type References,
  RequestError,
  Stored,
  textOf,
  tracebackOf,
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

type Request = [ident: unknown, name: unknown, args: unknown[], kwds: object | null];
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
  /** Whether the last request was malformed: the connection ends once it is answered. */
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
    let request: Request;
    try {
      request = readRequest(message);
    } catch (error) {
      this.#isMalformed = error instanceof RequestError && error.isMalformed;
      return failure(error, false);
    }
    const fail = (error: unknown) => failure(error, this.#isAccepted);
    try {
      const result = this.#isAccepted ? this.#call(request) : this.#public(request);
      if (!isThenable(result)) return this.#success(result);
      return result.then((value) => this.#success(value), fail);
    } catch (error) {
      return fail(error);
    }
  }

  #call([ident, name, args, kwds]: Request): unknown {
    const { objects } = this.#core;
    return callAs(this.#owner, this.#waits, 1, () => {
      return objects.call(objects.need(parseId(ident)), textOf(name), args, kwds);
    });
  }

  #public([, name, args, kwds]: Request): unknown {
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

  /** The answer to `create`. */
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
      bytes = dumpPickle(PyTuple.of("#UNSERIALIZABLE", tracebackOf(error)));
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
 * @throws {UnpicklingError} if it cannot be read: it may name a thing that is not known here
 */
function readRequest(message: Uint8Array): Request {
  const [ident, name, args, kwds] = listOf(loadPickle(message), 4);
  return [ident, name, listOf(args), asKeywords(keywordsOf(kwds))];
}

/** The answer to a request that has failed: the error itself, if a method has thrown it. */
function failure(error: unknown, isCall: boolean): Message {
  if (error instanceof RequestError) return ["#TRACEBACK", error.text];
  if (error === CANCELLED) return ["#TRACEBACK", "cancelled\n"];
  return isCall ? ["#ERROR", error] : ["#TRACEBACK", tracebackOf(error)];
}
