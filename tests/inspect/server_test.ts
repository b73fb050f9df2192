import { deepStrictEqual, match, ok, rejects, strictEqual } from "node:assert/strict";
import { startServer } from "../../src/inspect/server.ts";
import { SCRIPT } from "../../src/inspect/page/text.ts";
import type { Snapshot } from "../../src/inspect/snapshot.ts";
import { ask, type HttpReply } from "../helpers/http_client.ts";
import { runProgram } from "../helpers/run.ts";
import { test, testsWith } from "../suite.ts";
import { BEGIN, demo, makeProcess, makeQueue, makeSnapshot } from "./support.ts";

/** A server under test. */
interface Served {
  port: number;
  /** The path of the page: a slash, the token, a slash. */
  path: string;
  /** How often the program was looked at. */
  looks: () => number;
  get(target: string, headers?: Record<string, string>): Promise<HttpReply>;
}

/** With a server of these snapshots, which goes away afterwards. */
function serving(
  snapshot: (look: number) => Snapshot = (look) => makeSnapshot(BEGIN + 500 * look),
) {
  return async (fn: (given: Served) => void | Promise<void>) => {
    let looks = 0;
    const server = await startServer({
      snapshot: () => Promise.resolve(snapshot(++looks)),
      trace: () => Promise.resolve({ traceEvents: [] }),
    });
    const { port, pathname } = new URL(server.url);
    try {
      await fn({
        port: Number(port),
        path: pathname,
        looks: () => looks,
        get: (target, headers = {}) => ask(Number(port), target, { headers }),
      });
    } finally {
      server.close();
    }
  };
}

const RULES = testsWith({}, serving());

RULES.test("the page is at 127.0.0.1, behind 128 random bits", async (given) => {
  const { get, path } = given;
  match(path, /^\/[0-9a-f]{32}\/$/);
  const { status, headers, body } = await get(path);
  strictEqual(status, 200);
  strictEqual(headers.get("content-type"), "text/html; charset=utf-8");
  match(body, /^<!DOCTYPE html>/);
  match(body, /<\/html>\n$/);
});

test("each server has another token", async () => {
  const source = { snapshot: () => Promise.resolve(makeSnapshot(BEGIN)) };
  const both = [await startServer(source), await startServer(source)];
  const [one, other] = both.map(({ url }) => new URL(url).pathname);
  ok(one !== other);
  both.forEach((server) => server.close());
});

RULES.test("without the token, or with another, nothing is there", async (given) => {
  const { get, path, looks } = given;
  const token = path.slice(1, -1);
  const wrong = token.replace(/.$/, token.endsWith("0") ? "1" : "0");
  const paths = [
    ...["/", "//", "*", `/${wrong}/`, `/${token}0/`, `/${token.slice(1)}/`],
    ...[`/x/${token}/`, `${token}/`, `/${token.toUpperCase()}g/`, "/favicon.ico"],
    ...[`http://127.0.0.1${path}`, `/?${token}`, `/${wrong}/update`, `/${wrong}/trace`],
  ];
  for (const target of paths) {
    const { status, body } = await get(target);
    deepStrictEqual([target, status], [target, 404]);
    ok(!body.includes(token));
  }
  strictEqual(looks(), 0);
});

RULES.test("unknown paths below the token are not there", async (given) => {
  const { get, path } = given;
  for (const rest of ["x", "trace/", "update/x", "../", "constructor", "%2e%2e/"]) {
    strictEqual((await get(path + rest)).status, 404, rest);
  }
});

RULES.test("the path without its last slash leads to the page", async (given) => {
  const { get, path } = given;
  const { status, headers } = await get(path.slice(0, -1));
  deepStrictEqual([status, headers.get("location")], [308, path]);
});

RULES.test("only a name of this machine with the own port leads there", async (given) => {
  const { get, path, port } = given;
  const refused = [
    ...[
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1",
      "127.0.0.1:1",
      "localhost",
    ],
    ...[`127.0.0.1.evil.example:${port}`, `localhost.:${port}`, `a@localhost:${port}`],
    ...[
      `127.0.0.2:${port}`,
      `0.0.0.0:${port}`,
      `127.0.0.1:0${port}`,
      `[::]:${port}`,
      "",
    ],
  ];
  for (const host of refused) {
    const { status, body } = await get(path, { host });
    deepStrictEqual([host, status], [host, 403]);
    ok(!body.includes(path.slice(1, -1)));
  }
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`, `LOCALHOST:${port}`]) {
    strictEqual((await get(path, { host })).status, 200, host);
  }
});

RULES.test("two hosts, or none, are refused", async (given) => {
  const { get, path, port } = given;
  const host = `127.0.0.1:${port}`;
  strictEqual((await get(path, { host, "Host ": host })).status, 400);
  strictEqual((await get(path, { host, Host: host })).status, 403);
  strictEqual((await get(path, { host, HOST: "evil.example" })).status, 403);
});

RULES.test("other pages of the browser are refused", async (given) => {
  const { get, path, port } = given;
  for (const site of ["cross-site", "same-site", "", "Same-Origin", "x"]) {
    strictEqual((await get(path, { "sec-fetch-site": site })).status, 403, site);
  }
  for (const site of ["same-origin", "none"]) {
    strictEqual((await get(path, { "sec-fetch-site": site })).status, 200, site);
  }
  for (const origin of ["null", "http://evil.example", `https://127.0.0.1:${port}`]) {
    strictEqual((await get(path, { origin })).status, 403, origin);
  }
  strictEqual((await get(path, { origin: `http://127.0.0.1:${port}` })).status, 200);
});

RULES.test("it can only be read", async ({ port, path, looks }) => {
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"]) {
    const { status, headers } = await ask(port, path, { method, body: "x" });
    deepStrictEqual([method, status], [method, 405]);
    strictEqual(headers.get("allow"), "GET, HEAD");
  }
  strictEqual(looks(), 0);
  const { status, body } = await ask(port, path, { method: "HEAD" });
  deepStrictEqual([status, body], [200, ""]);
});

RULES.test("every answer says what the browser must not do", async (given) => {
  const { get, path } = given;
  const targets = [path, `${path}update`, `${path}trace`, "/", path.slice(0, -1)];
  const replies = await Promise.all(targets.map((target) => get(target)));
  replies.push(await get(path, { host: "evil.example" }));
  for (const { headers } of replies) {
    const policy = headers.get("content-security-policy") ?? "";
    match(policy, /^default-src 'none'/);
    match(policy, /frame-ancestors 'none'/);
    ok(!policy.includes("unsafe"));
    deepStrictEqual([
      headers.get("cache-control"),
      headers.get("referrer-policy"),
      headers.get("x-content-type-options"),
      headers.get("cross-origin-resource-policy"),
      headers.get("cross-origin-opener-policy"),
      headers.get("access-control-allow-origin"),
    ], ["no-store", "no-referrer", "nosniff", "same-origin", "same-origin", undefined]);
  }
});

RULES.test("each page has another nonce, the same in its policy", async (given) => {
  const { get, path } = given;
  const nonces = new Set<string>();
  for (let i = 0; i < 2; i++) {
    const { headers, body } = await get(path);
    const policy = headers.get("content-security-policy") ?? "";
    const [, nonce] = /script-src 'nonce-([0-9a-f]{32})'/.exec(policy) ?? [];
    const scripts = withoutProgram(body).match(/<(script|style)\b[^>]*/g) ?? [];
    strictEqual(scripts.length, 3);
    ok(scripts.every((one) => one.includes(`nonce="${nonce}"`)));
    nonces.add(nonce!);
  }
  strictEqual(nonces.size, 2);
});

RULES.test("what is new is told since a frame, and all for others", async (given) => {
  const { get, path, looks } = given;
  const first = JSON.parse((await get(`${path}update?since=0`)).body);
  deepStrictEqual([first.seq, first.frames.length, looks()], [1, 1, 1]);
  const next = JSON.parse((await get(`${path}update?since=1`)).body);
  deepStrictEqual([next.seq, next.frames.length], [2, 1]);
  strictEqual(next.now.program, "demo.ts");
  for (const since of ["99", "-1", "x", "1.5", "", "1e999", "__proto__"]) {
    const { frames, seq } = JSON.parse(
      (await get(`${path}update?since=${since}`)).body,
    );
    strictEqual(frames.length, seq, since);
  }
});

RULES.test("the trace is a file", async ({ get, path }) => {
  const { headers, body } = await get(`${path}trace`);
  deepStrictEqual(JSON.parse(body), { traceEvents: [] });
  strictEqual(headers.get("content-disposition"), 'attachment; filename="trace.json"');
});

test("without a trace there is none, and no link to it", async () => {
  const source = { snapshot: () => Promise.resolve(makeSnapshot(BEGIN)) };
  const server = await startServer(source);
  const { port, pathname } = new URL(server.url);
  strictEqual((await ask(Number(port), `${pathname}trace`)).status, 404);
  const { body } = await ask(Number(port), pathname);
  match(body, /"hasTrace":false/);
  server.close();
});

const NOW = testsWith({}, serving(() => makeSnapshot(Date.now())));

NOW.test("several that ask at once share a look", async ({ get, path, looks }) => {
  await Promise.all([1, 2, 3, 4].map(() => get(`${path}update?since=0`)));
  strictEqual(looks(), 1);
});

const FAILING = testsWith(
  {},
  serving(() => {
    throw new TypeError("secret");
  }),
);

FAILING.test("a look that fails is status 500, without its text", async (given) => {
  const { get, path } = given;
  const { status, body } = await get(`${path}update?since=0`);
  deepStrictEqual([status, body], [500, ""]);
});

test("the page is there before the first look is done", async () => {
  const server = await startServer({ snapshot: () => new Promise(() => {}) });
  const { port, pathname } = new URL(server.url);
  strictEqual((await ask(Number(port), pathname)).status, 200);
  server.close();
});

/** A page without the text of its program, which can make pages. */
function withoutProgram(page: string): string {
  return page.split(SCRIPT).join("");
}

/** Text that would be a program if it were not escaped. */
const EVIL =
  `</script><script>alert(1)</script><!--<img src=x onerror=alert(2)>\u2028"'&`;

const evil = makeSnapshot(BEGIN, {
  program: EVIL,
  processes: [makeProcess(1, EVIL)],
  objects: [makeQueue(1, { name: EVIL })],
  output: [{ at: BEGIN, process: 1, stream: "stdout", text: EVIL }],
});

test("names and printed lines are no programs in a saved page", async () => {
  const server = await startServer({ snapshot: () => Promise.resolve(evil) });
  const page = await server.page();
  server.close();
  const data = /<script id="data"[^>]*>([^]*?)<\/script>/.exec(page)![1]!;
  const { update } = JSON.parse(data);
  strictEqual(update.now.processes[0].name, EVIL);
  strictEqual(update.now.objects[0].name, EVIL);
  strictEqual(update.output[0].text, EVIL);
  ok(!/[<>&\u2028]/.test(data));
  const rest = withoutProgram(page).replace(data, "");
  deepStrictEqual(rest.match(/<(script|img|!--)/g), ["<script", "<script"]);
  match(rest, /<title>&#60;\/script&#62;&#60;script&#62;alert/);
});

test("a saved page asks nobody", async () => {
  const server = await startServer({ snapshot: () => Promise.resolve(demo(30)) });
  server.add(demo(29));
  const page = await server.page();
  server.close();
  match(page, /content="default-src 'none'; script-src 'nonce-/);
  ok(!withoutProgram(page).includes("connect-src"));
  ok(!page.includes(server.url.slice(7, -1)));
  const data = JSON.parse(/<script id="data"[^>]*>([^]*?)<\/script>/.exec(page)![1]!);
  deepStrictEqual([data.interval, data.hasTrace], [null, false]);
  strictEqual(data.update.frames.length, 2);
});

test("a port that is taken is an OSError", async () => {
  const source = { snapshot: () => Promise.resolve(makeSnapshot(BEGIN)) };
  const server = await startServer(source);
  const port = Number(new URL(server.url).port);
  await rejects(startServer(source, { port }), {
    name: "OSError",
    message: `[Errno 98] Address already in use: '127.0.0.1:${port}'`,
  });
  server.close();
});

test("who must not use the network hears which flag lets him", async () => {
  const denied = await runProgram("tests/children/inspect_server.ts", {
    flags: ["-R"],
  });
  match(denied.stdout, /^PermissionError: the page needs --allow-net=127\.0\.0\.1/);
  const allowed = await runProgram("tests/children/inspect_server.ts", {
    flags: ["-R", "--allow-net=127.0.0.1"],
  });
  deepStrictEqual(allowed, { stdout: "listens\n", stderr: "", code: 0 });
}, { skip: !("Deno" in globalThis) && "this runtime has no such flags" });
