/**
 * A small HTTP server for this machine alone: it listens at 127.0.0.1, answers texts, and
 * never keeps the process alive. The layer above decides what is answered, and to whom.
 *
 * What a client can make it keep is bounded: connections, the size of a head, and the time
 * that a head or the taking of an answer may last. It stands on `node:net`, as `node:http`
 * has no such bounds on Bun and on older versions of Deno, which tell of a connection only
 * once its head is there. Each connection has one request, whose body is of no interest.
 *
 * @module
 */
import { checkListening, withDenial } from "./denial.ts";
import { builtin } from "./posix.ts";

/** The one address that it listens at. */
const HOST = "127.0.0.1";

/** What a client may use: connections, bytes of a head, milliseconds. */
const LIMITS = {
  connections: 32,
  head: 8192,
  headTime: 5000,
  answerTime: 15_000,
};

/** The words of the statuses that are answered. */
const REASONS: Record<number, string> = {
  200: "OK",
  308: "Permanent Redirect",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
};

const REQUEST = /^([A-Z]{1,20}) ([\x21-\x7e]+) HTTP\/1\.[01]$/;
const HEADER = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t\x20-\x7e\x80-\xff]*)$/;
const END = "\r\n\r\n";

/** A request, as it came: its form is checked, and nothing else. */
export interface HttpRequest {
  readonly method: string;
  /** What stands behind the method: a path and a query, or anything else. */
  readonly target: string;
  /** The values of a header, one for each time that it was given; the name in lower case. */
  header(name: string): string[];
}

/** An answer; its length is added. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server that listens. */
export interface HttpServer {
  readonly port: number;
  /** Stops listening and ends all connections. */
  close(): void;
}

/** What answers a request. */
type Answerer = (request: HttpRequest) => Promise<HttpAnswer>;

// deno-lint-ignore no-explicit-any -- the types of Node are not at hand here
type NodeSocket = any;

/**
 * Listens at 127.0.0.1 and answers each request by what `answer` gives.
 *
 * @param port The port; 0 for any that is free.
 * @param answer Called for each request; if it fails, the client gets status 500.
 * @param limits Other limits than the usual ones, for tests.
 * @throws the runtime's own error, with `code`: `EACCES` without the permission
 */
export async function serveHttp(
  port: number,
  answer: Answerer,
  limits: Partial<typeof LIMITS> = {},
): Promise<HttpServer> {
  try {
    await checkListening([HOST, port]);
    return await listen(port, answer, { ...LIMITS, ...limits });
  } catch (error) {
    throw withDenial(error);
  }
}

function listen(
  port: number,
  answer: Answerer,
  limits: typeof LIMITS,
): Promise<HttpServer> {
  const sockets = new Set<NodeSocket>();
  const server = builtin("node:net").createServer((socket: NodeSocket) => {
    if (sockets.size >= limits.connections) return void socket.destroy();
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serve(socket, answer, limits);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ port, host: HOST }, () => {
      server.off("error", reject);
      server.on("error", () => {}); // a connection could not be accepted
      server.unref();
      resolve({
        port: server.address().port,
        close() {
          server.close();
          for (const socket of sockets) socket.destroy();
        },
      });
    });
  });
}

/** Reads the head of a request, answers, and ends the connection. */
function serve(socket: NodeSocket, answer: Answerer, limits: typeof LIMITS): void {
  // Those of Node, as Deno's own have no `unref`.
  const { setTimeout, clearTimeout } = builtin("node:timers");
  let timer = setTimeout(() => reply(plain(408)), limits.headTime).unref();
  let head: string | undefined = "";
  socket.unref();
  socket.setEncoding("latin1");
  socket.on("error", () => {}); // the client has gone: `close` follows
  socket.on("close", () => clearTimeout(timer));
  socket.on("data", (chunk: string) => {
    if (head === undefined) return; // a body, or another request
    head += chunk;
    const end = head.indexOf(END);
    if (end < 0 && head.length <= limits.head) return;
    const request = end < 0 || end > limits.head
      ? 431
      : readHead(head.slice(0, end)) ?? 400;
    if (typeof request === "number") return reply(plain(request));
    wait();
    const isHead = request.method === "HEAD";
    answer(request).then(
      (given) => reply(given, isHead),
      () => reply(plain(500), isHead),
    );
  });
  /** What still comes is of no interest, and what is to leave has its time. */
  function wait() {
    head = undefined;
    clearTimeout(timer);
    timer = setTimeout(() => socket.destroy(), limits.answerTime).unref();
  }
  function reply(given: HttpAnswer, isHead = false) {
    if (socket.destroyed) return;
    if (head !== undefined) wait();
    socket.end(bytesOf(given, isHead));
  }
}

function plain(status: number): HttpAnswer {
  return { status, headers: {}, body: "" };
}

/** The request whose head this is, its lines without the empty one; undefined if it is none. */
export function readHead(head: string): HttpRequest | undefined {
  const [first = "", ...lines] = head.split("\r\n");
  const request = REQUEST.exec(first);
  const headers = lines.map((line) => HEADER.exec(line));
  if (request === null || headers.includes(null)) return undefined;
  return {
    method: request[1]!,
    target: request[2]!,
    header: (name) =>
      headers.filter((one) => one![1]!.toLowerCase() === name).map((one) =>
        one![2]!.trim()
      ),
  };
}

function bytesOf({ status, headers, body }: HttpAnswer, isHead: boolean): Uint8Array {
  const content = new TextEncoder().encode(body);
  const all = { ...headers, "content-length": content.length, connection: "close" };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${REASONS[status] ?? ""}\r\n${lines.join("")}\r\n`;
  const start = new TextEncoder().encode(head);
  if (isHead) return start;
  const bytes = new Uint8Array(start.length + content.length);
  bytes.set(start);
  bytes.set(content, start.length);
  return bytes;
}
