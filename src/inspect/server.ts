/**
 * The server of the live page. What it shows is the users' own data, so it is careful with
 * everybody, the programs of this machine and the pages of the user's browser included:
 *
 * - it listens at 127.0.0.1 and nowhere else;
 * - its address has a random token of 128 bits;
 * - it answers only if asked by a name of this machine with its own port, so that no name
 *   that somebody else has pointed at 127.0.0.1 leads to it;
 * - it refuses requests that the browser says come from another page;
 * - it knows GET and HEAD, and changes nothing;
 * - the browser is told to load nothing, run nothing but the page's own program, keep
 *   nothing, and never show it within another page.
 *
 * The page asks for what is new: nobody looks at the program while nobody looks at the page.
 *
 * @module
 */
import { type HttpAnswer, type HttpRequest, serveHttp } from "../runtime/http.ts";
import { isError } from "../runtime/brands.ts";
import { asOSError, PermissionError } from "../python/errors.ts";
import { History } from "./history.ts";
import { type PageData, pageHtml, policyOf } from "./page/html.ts";
import { SCRIPT, STYLE } from "./page/text.ts";
import type { Snapshot } from "./snapshot.ts";

/** Where the page gets what it shows. */
export interface PageSource {
  /** One look at the program: what has ended and was printed since the last one by this. */
  snapshot(): Promise<Snapshot>;
  /** A trace as Chrome's viewer and Perfetto read it; without it the page offers none. */
  trace?(): Promise<unknown>;
}

/** Options of {@linkcode startServer}. */
export interface ServerOptions {
  /** The port; 0, the default, for any that is free. */
  port?: number;
  /** Seconds between two looks; 0.5 if not given. */
  interval?: number;
}

/** The server of a live page. */
export interface PageServer {
  /** The address of the page. */
  readonly url: string;
  /** Takes in a snapshot that was made for another reason; the page shows it as past. */
  add(snapshot: Snapshot): void;
  /** A page that shows this instant and needs no server. */
  page(): Promise<string>;
  /** Ends the server and all its connections. */
  close(): void;
}

/** Seconds between two looks. */
const INTERVAL = 0.5;

/** The names of this machine by which it may be asked. */
const NAMES = ["127.0.0.1", "localhost"];

/** What a browser says of a request that no other page has made. */
const OWN_SITES = ["same-origin", "none"];

/** What every answer says. */
const HEADERS: Record<string, string> = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/**
 * Starts a server of its own pages. It does not keep the process alive.
 *
 * @throws {PermissionError} if the runtime does not allow it, with the flag that does
 * @throws {OSError} if the port is taken
 */
export function startServer(
  source: PageSource,
  { port = 0, interval = INTERVAL }: ServerOptions = {},
): Promise<PageServer> {
  return servePages(new Pages(source, interval), port);
}

/** The same with pages that are there already. */
export async function servePages(pages: Pages, port: number): Promise<PageServer> {
  const token = randomHex();
  let own = port;
  const answer = async (request: HttpRequest) =>
    refusal(request, own) ?? await route(request, token, pages);
  const server = await serveHttp(port, answer).catch((error) => {
    throw asRefusal(error, port);
  });
  own = server.port;
  return {
    url: `http://127.0.0.1:${own}/${token}/`,
    add: (snapshot) => pages.add(snapshot),
    page: () => pages.saved(),
    close: () => server.close(),
  };
}

/** An answer to who must not ask; undefined if the request may be looked at. */
function refusal(request: HttpRequest, port: number): HttpAnswer | undefined {
  const hosts = request.header("host");
  if (hosts.length !== 1 || !isOwnHost(hosts[0]!, port)) {
    return text(403, `Ask for this page at 127.0.0.1:${port}.`);
  }
  const sites = request.header("sec-fetch-site");
  if (!sites.every((site) => OWN_SITES.includes(site))) {
    return text(
      403,
      "Another page led here: paste the address into a new tab.",
    );
  }
  const origins = request.header("origin");
  if (!origins.every((origin) => origin === `http://${hosts[0]}`)) {
    return text(403, "Another page must not read this one.");
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return text(405, "This page can only be read.", { allow: "GET, HEAD" });
  }
  return undefined;
}

function isOwnHost(host: string, port: number): boolean {
  return NAMES.some((name) =>
    host.toLowerCase() === `${name}:${port}` || (port === 80 && host === name)
  );
}

/** The answer to who may ask, if he knows the token. */
async function route(
  { target }: HttpRequest,
  token: string,
  pages: Pages,
): Promise<HttpAnswer> {
  const [path = "", query = ""] = target.split("?", 2);
  const [before, given = "", ...rest] = path.split("/");
  if (before !== "" || !isEqual(given, token)) {
    return text(404, "Nothing is here.");
  }
  switch (rest.join("/")) {
    case "":
      // What the page asks for is relative to its address, which ends in a slash.
      if (rest.length === 0) return text(308, "", { location: `/${token}/` });
      return pages.live();
    case "update":
      return json(await pages.update(Number(query.replace(/^since=/, ""))));
    case "trace": {
      const trace = await pages.trace();
      if (trace === undefined) break;
      const name = 'attachment; filename="trace.json"';
      return json(trace, { "content-disposition": name });
    }
  }
  return text(404, "Nothing is here.");
}

/** What the server has to tell. */
export class Pages {
  readonly #source: PageSource;
  readonly #interval: number;
  readonly #history = new History();
  /** The look that is under way. */
  #look: Promise<void> | undefined;

  /** @param interval Seconds between two looks. */
  constructor(source: PageSource, interval: number) {
    this.#source = source;
    this.#interval = 1000 * interval;
  }

  /** Takes in a snapshot. */
  add(snapshot: Snapshot): void {
    this.#history.add(snapshot);
  }

  /** The page that asks for what is new. */
  live(): HttpAnswer {
    const nonce = randomHex();
    const body = pageHtml({
      style: STYLE,
      script: SCRIPT,
      nonce,
      data: this.#data({ interval: this.#interval }),
    });
    return {
      status: 200,
      headers: {
        ...HEADERS,
        "content-security-policy": `${policyOf(nonce, true)}; frame-ancestors 'none'`,
        "content-type": "text/html; charset=utf-8",
      },
      body,
    };
  }

  /** The page that shows this instant. */
  async saved(): Promise<string> {
    await this.#refresh();
    const update = this.#history.since(0);
    const data = this.#data({ savedAt: Date.now(), update });
    return pageHtml({ style: STYLE, script: SCRIPT, nonce: randomHex(), data });
  }

  /** What is new since the frame of that number; all of it for anything else. */
  async update(since: number): Promise<unknown> {
    await this.#refresh();
    const isKnown = Number.isInteger(since) && since > 0 &&
      since <= this.#history.seq;
    return this.#history.since(isKnown ? since : 0);
  }

  /** The trace; undefined if there is none. */
  async trace(): Promise<unknown> {
    return await this.#source.trace?.();
  }

  #data(more: Partial<PageData>): PageData {
    return {
      // The first look may take a while; the page is there at once, and then has the name.
      program: this.#history.now?.program ?? "",
      interval: null,
      savedAt: null,
      hasTrace: more.savedAt === undefined && this.#source.trace !== undefined,
      update: null,
      ...more,
    };
  }

  /** Looks at the program, unless that was done an interval ago or less. */
  async #refresh(): Promise<void> {
    const { now } = this.#history;
    if (now !== null && Math.abs(Date.now() - now.at) < this.#interval) {
      return;
    }
    this.#look ??= this.#source.snapshot().then((snapshot) => this.add(snapshot))
      .finally(() => this.#look = undefined);
    await this.#look;
  }
}

function text(
  status: number,
  body: string,
  more: Record<string, string> = {},
): HttpAnswer {
  const type = { "content-type": "text/plain; charset=utf-8" };
  return {
    status,
    headers: { ...HEADERS, ...type, ...more },
    body: `${body}\n`,
  };
}

function json(value: unknown, more: Record<string, string> = {}): HttpAnswer {
  const type = { "content-type": "application/json" };
  const body = JSON.stringify(value);
  return { status: 200, headers: { ...HEADERS, ...type, ...more }, body };
}

/** Whether two texts are the same, in a time that does not tell how much of them is. */
function isEqual(given: string, secret: string): boolean {
  let difference = given.length ^ secret.length;
  for (let i = 0; i < secret.length; i++) {
    difference |= given.charCodeAt(i) ^ secret.charCodeAt(i); // NaN behind its end: 0
  }
  return difference === 0;
}

/** 128 random bits. */
function randomHex(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(
    "",
  );
}

/** Why the server could not be started, as Python would say it. */
function asRefusal(error: unknown, port: number): unknown {
  const isDenial = isError(error) && !("syscall" in error) &&
    (error as { code?: unknown }).code === "EACCES";
  if (!isDenial) return asOSError(error, `127.0.0.1:${port}`);
  return new PermissionError(
    "the page needs --allow-net=127.0.0.1 (Node: --allow-net); " +
      "inspect({ page: false }) does without it",
    { cause: error },
  );
}
