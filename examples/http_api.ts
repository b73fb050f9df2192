/**
 * A server that computes in a pool, so that it always answers: with a limit for each answer, an
 * end to what nobody waits for any more, a refusal where too much waits, and an answer that
 * comes in pieces as they are computed.
 *
 * It is its own client, and prints what it gets. Run it with `deno run -A examples/http_api.ts`,
 * `bun` or `node`. There is no such program in Python beside it: `timeout`, `signal`, `pending`
 * and `stream` are not in Python's pools.
 * @module
 */
import { once } from "node:events";
import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
// In a program of your own: from "@pystd/multiprocessing"
import { is_main, Pool, TimeoutError } from "../mod.ts";

/** Seconds that an answer may take, and calls that may wait. */
const TIMEOUT = 2;
const MOST = 3;

/** Computes, and takes its time: a call of 40 takes some seconds, one of 70 some months. */
export function fibonacci(n: number): number {
  return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2);
}

/** The first primes, one by one. */
export function* primes(count: number): Generator<number> {
  for (let n = 2; count > 0; n++) {
    let factor = 2;
    while (factor * factor <= n && n % factor !== 0) factor++;
    if (factor * factor <= n) continue;
    yield n;
    count--;
  }
}

/** Answers one request; what fails is told by `answer`. */
async function compute(
  pool: Pool,
  url: URL,
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const n = Number(url.searchParams.get("n"));
  if (!Number.isInteger(n)) throw new RangeError("n is no integer");
  if (url.pathname === "/fibonacci") {
    // The worker is ended when the client has gone, and when it takes too long.
    const result = await pool.apply(fibonacci, [n], { timeout: TIMEOUT, signal });
    response.end(String(result));
  } else {
    const values = pool.stream(primes, [n], { timeout: TIMEOUT, signal });
    for await (const prime of values) {
      // No more is computed than the client takes.
      if (!response.write(`${prime} `)) await once(response, "drain", { signal });
    }
    response.end("\n");
  }
}

async function answer(
  pool: Pool,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    if (pool.pending >= MOST) {
      response.writeHead(503).end("busy");
      return;
    }
    const url = new URL(request.url!, "http://localhost");
    await compute(pool, url, response, gone.signal);
  } catch (error) {
    if (gone.signal.aborted) return console.log("the client has gone");
    const status = error instanceof TimeoutError
      ? 504
      : error instanceof RangeError
      ? 400
      : 500;
    if (response.headersSent) response.destroy();
    else response.writeHead(status).end((error as Error).name);
  }
}

/** Starts the server; gives its address. */
async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What the server says, in one line. */
async function get(url: string, signal?: AbortSignal): Promise<string> {
  const headers = { connection: "close" };
  const response = await fetch(url, { headers, ...signal && { signal } });
  return `${response.status} ${(await response.text()).trim()}`;
}

if (is_main(import.meta)) {
  await using pool = Pool({ max: 3, idle: 30 });
  const server = createServer((request, response) => {
    void answer(pool, request, response);
  });
  const base = await listen(server);

  console.log("quick:", await get(`${base}/fibonacci?n=20`));
  console.log("in pieces:", await get(`${base}/primes?n=10`));
  console.log("nonsense:", await get(`${base}/fibonacci?n=many`));
  console.log("too slow:", await get(`${base}/fibonacci?n=70`));

  // Clients that do not wait for what would take for ever: their workers are free again.
  const clients = new AbortController();
  const left = [1, 2, 3].map(() =>
    get(`${base}/fibonacci?n=70`, clients.signal).catch(() => {})
  );
  while (pool.pending < MOST) await new Promise((resolve) => setTimeout(resolve, 1));
  console.log("one too many:", await get(`${base}/fibonacci?n=1`));
  clients.abort();
  await Promise.all(left);
  while (pool.pending > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  console.log("afterwards:", await get(`${base}/fibonacci?n=21`));

  await new Promise((resolve) => void server.close(resolve));
}
