import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { connect } from "node:net";
import { type HttpRequest, serveHttp } from "../../src/runtime/http.ts";
import { ask, exchange, open } from "../helpers/http_client.ts";
import { outputOf } from "../helpers/run.ts";
import { test } from "../suite.ts";

/** Bytes of an answer that no buffer of the system holds. */
const SIZE = 50_000_000;

function answering(body: string) {
  return () => Promise.resolve({ status: 200, headers: { "x-mine": "1" }, body });
}

test("a request is answered with status, headers and body", async () => {
  const asked: HttpRequest[] = [];
  const server = await serveHttp(0, (request) => {
    asked.push(request);
    return answering("hällo")();
  });
  const headers = { "X-Twice": "a" };
  const { status, headers: got, body } = await ask(server.port, "/p?q", { headers });
  deepStrictEqual([status, got.get("x-mine"), body], [200, "1", "hällo"]);
  strictEqual(got.get("content-length"), "6");
  const [request] = asked;
  deepStrictEqual([request!.method, request!.target], ["GET", "/p?q"]);
  deepStrictEqual(request!.header("x-twice"), ["a"]);
  deepStrictEqual(request!.header("x-none"), []);
  server.close();
});

test("a header that was given twice is given twice", async () => {
  let hosts: string[] = [];
  const server = await serveHttp(0, (request) => {
    hosts = request.header("host");
    return answering("")();
  });
  const twice = "Host: a\r\nHost: b\r\nConnection: close\r\n\r\n";
  await exchange(server.port, `GET / HTTP/1.1\r\n${twice}`);
  deepStrictEqual(hosts, ["a", "b"]);
  server.close();
});

test("what is no request is refused", async () => {
  const server = await serveHttp(0, answering("well"));
  const heads = [
    ...["nonsense", "get / HTTP/1.1", "GET / HTTP/2.0", "GET /\x01 HTTP/1.1"],
    ...["GET /", "GET  / HTTP/1.1", "GET / HTTP/1.1\r\nno colon", " GET / HTTP/1.1"],
    ...["GET / HTTP/1.1\r\nA: b\r\n folded", "GET / HTTP/1.1\r\nA : b"],
    ...["GET / HTTP/1.1\r\nA: \x00", "GET / HTTP/1.1\nA: b", ""],
  ];
  for (const head of heads) {
    match(await exchange(server.port, `${head}\r\n\r\n`), /^HTTP\/1.1 400 /, head);
  }
  server.close();
});

test("a head may come in pieces, and a body is of no interest", async () => {
  const server = await serveHttp(0, ({ target }) => answering(target)());
  const { socket, closed } = await open(server.port);
  let got = "";
  socket.on("data", (chunk) => got += chunk);
  const pieces = [
    "PO",
    "ST /x HT",
    "TP/1.1\r\nContent-Length: 2\r",
    "\n",
    "\r",
    "\nab",
  ];
  for (const piece of pieces) {
    await new Promise((resolve) => socket.write(piece, resolve));
  }
  await closed;
  match(got, /^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\n\/x$/);
  server.close();
});

test("HEAD has the headers of the answer and no body", async () => {
  const server = await serveHttp(0, answering("text"));
  const { status, headers, body } = await ask(server.port, "/", { method: "HEAD" });
  deepStrictEqual([status, headers.get("content-length"), body], [200, "4", ""]);
  server.close();
});

test("an answer that fails is status 500, and the next request is answered", async () => {
  let isFirst = true;
  const server = await serveHttp(0, () => {
    if (!isFirst) return answering("well")();
    isFirst = false;
    return Promise.reject(new TypeError("secret"));
  });
  const { status, body } = await ask(server.port, "/");
  deepStrictEqual([status, body], [500, ""]);
  strictEqual((await ask(server.port, "/")).body, "well");
  server.close();
});

const ADDRESS = Object.values(networkInterfaces()).flat()
  .find((one) => one?.family === "IPv4" && !one.internal)?.address;

test("it listens at 127.0.0.1 and not at the machine's other addresses", async () => {
  const server = await serveHttp(0, answering(""));
  const code = await new Promise((resolve) => {
    const socket = connect(server.port, ADDRESS!);
    socket.on("connect", () => resolve("connected"));
    socket.on("error", (error: { code?: string }) => resolve(error.code));
    socket.on("close", () => socket.destroy());
  });
  strictEqual(code, "ECONNREFUSED");
  server.close();
}, { skip: ADDRESS === undefined && "no network but the loopback" });

test("a port that is taken is an error", async () => {
  const server = await serveHttp(0, answering(""));
  await rejects(serveHttp(server.port, answering("")), { code: "EADDRINUSE" });
  server.close();
});

test("connections above the limit are ended at once", async () => {
  const server = await serveHttp(0, answering(""), { connections: 2 });
  const kept = [await open(server.port), await open(server.port)];
  const last = await open(server.port);
  await last.closed;
  ok(kept.every(({ socket }) => !socket.destroyed));
  kept.forEach(({ socket }) => socket.destroy());
  await Promise.all(kept.map(({ closed }) => closed));
  server.close();
});

test("a head that does not end in time is refused", async () => {
  const server = await serveHttp(0, answering(""), { headTime: 200 });
  match(await exchange(server.port, "GET / HTTP/1.1\r\nHo"), /^HTTP\/1.1 408 /);
  server.close();
});

test("a head that is too long is refused", async () => {
  const server = await serveHttp(0, answering("well"));
  const reply = await exchange(
    server.port,
    `GET / HTTP/1.1\r\nHost: a\r\nX-Long: ${"x".repeat(20_000)}\r\n\r\n`,
  );
  match(reply, /^HTTP\/1.1 431 /);
  server.close();
});

test("who does not take his answer is dropped", async () => {
  const limits = { answerTime: 200, headTime: 1000 };
  const server = await serveHttp(0, answering("x".repeat(SIZE)), limits);
  const { socket, closed } = await open(server.port);
  socket.pause();
  socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  // This one is dropped after him.
  await exchange(server.port, "GET / HTTP/1.1\r\nHo");
  let got = 0;
  socket.on("data", (chunk) => got += chunk.length);
  socket.resume();
  await closed;
  ok(got < SIZE, `${got} bytes`);
  server.close();
});

test("closing ends all connections", async () => {
  const server = await serveHttp(0, answering(""));
  const { closed } = await open(server.port);
  server.close();
  await closed;
});

test("neither the server nor its connections keep a program alive", async () => {
  strictEqual(await outputOf("tests/children/http_idle.ts"), "listens\nanswered\n");
});
