/**
 * HTTP by hand, for tests of a server: what is sent is the test's own text, so that it may
 * be what no decent client sends.
 */
import { connect, type Socket } from "node:net";

/** What a server has answered. */
export interface HttpReply {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** Sends a text and gives all that comes until the server ends the connection. */
export function exchange(port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let got = "";
    socket.setEncoding("utf8");
    socket.on("data", (chunk: string) => got += chunk);
    socket.on("error", () => {}); // refused or cut off: `close` follows
    socket.on("close", () => resolve(got));
    socket.write(text);
  });
}

/** A connection that is open; `closed` settles when it is no more. */
export function open(port: number): Promise<{ socket: Socket; closed: Promise<void> }> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    const closed = new Promise<void>((done) => socket.on("close", () => done()));
    socket.once("connect", () => resolve({ socket, closed }));
  });
}

/** One request, with these headers; `Host` is the server's own if none is given. */
export async function ask(
  port: number,
  target: string,
  { method = "GET", headers = {}, body = "" }: {
    method?: string;
    headers?: Record<string, string>;
    body?: string;
  } = {},
): Promise<HttpReply> {
  const all: Record<string, string> = {
    host: `127.0.0.1:${port}`,
    connection: "close",
    ...(body === "" ? {} : { "content-length": String(body.length) }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `${method} ${target} HTTP/1.1\r\n${lines.join("")}\r\n`;
  return parse(await exchange(port, head + body));
}

function parse(reply: string): HttpReply {
  const [head = "", ...rest] = reply.split("\r\n\r\n");
  const [first = "", ...lines] = head.split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const at = line.indexOf(":");
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  });
  return {
    status: Number(first.split(" ")[1]),
    headers: new Map(headers),
    body: rest.join("\r\n\r\n"),
  };
}
