/** The way to a server: scripts, binary data, order, and lost connections. */
import { deepStrictEqual, ok, strictEqual } from "node:assert/strict";
import process from "node:process";
import { likeClient, toAddress } from "../../../src/redis/driver/open.ts";
import { Link } from "../../../src/redis/driver/link.ts";
import { listOf, textOf } from "../../../src/redis/driver/connection.ts";
import { script } from "../../../src/redis/scripts/script.ts";
import { raises } from "../../cpython/helpers/checks.ts";
import { kept, LIBRARY_TIMERS, ON_SERVER, type Server } from "../server.ts";

const ECHO = script("echo", "return {ARGV[1], KEYS[1], false, 7}");
const PUSH = script(
  "push",
  // A second time, it does nothing.
  "if redis.call('SADD', KEYS[2], ARGV[1]) == 1 then redis.call('RPUSH', KEYS[1], ARGV[1]) end",
  "return redis.call('LLEN', KEYS[1])",
);
const FAIL = script("fail", "return redis.error_reply('GONE it has')");
const BYTES = Uint8Array.from({ length: 256 }, (_, at) => at);
const LIBRARIES = ["@redis/client", "ioredis", "iovalkey"] as const;

function linkTo(
  server: Server,
  library: typeof LIBRARIES[number] = LIBRARIES[0],
): Link {
  return new Link(toAddress(server.url, [library]), [ECHO, PUSH, FAIL], {
    reconnect: 20,
  });
}

async function withLink(
  server: Server,
  fn: (link: Link) => Promise<void>,
  library?: typeof LIBRARIES[number],
): Promise<void> {
  const link = linkTo(server, library);
  try {
    await kept(fn(link));
  } finally {
    link.close();
  }
}

for (const library of LIBRARIES) {
  ON_SERVER.test(
    `${library} runs scripts with any bytes`,
    (server) =>
      withLink(server, async (link) => {
        const [bytes, key, nothing, seven] = listOf(
          await link.call(ECHO, ["k"], [BYTES]),
        );
        deepStrictEqual(new Uint8Array(bytes as Uint8Array), BYTES);
        strictEqual(textOf(key), "k");
        deepStrictEqual([nothing, seven], [null, 7]);
        await raises(() => link.call(FAIL, ["k"], []), "RuntimeError", "GONE it has");
      }, library),
    { leaks: LIBRARY_TIMERS },
  );

  ON_SERVER.test(
    `${library} keeps order and count over lost connections`,
    (server) =>
      withLink(server, async (link) => {
        await link.call(ECHO, ["k"], [""]);
        const calls: Promise<unknown>[] = [];
        for (let i = 0; i < 2000; i++) {
          calls.push(link.call(PUSH, ["{k}l", "{k}s"], [String(i)]));
          if (i % 400 === 200) {
            await server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
          }
        }
        await Promise.all(calls);
        const items = listOf(await server.command("LRANGE", "{k}l", "0", "-1")).map(
          textOf,
        );
        deepStrictEqual(
          items,
          Array.from({ length: 2000 }, (_, i) => String(i)),
        );
        await server.command("FLUSHALL");
      }, library),
    { timeout: 120, leaks: LIBRARY_TIMERS },
  );
}

ON_SERVER.test("scripts that the server has forgotten are loaded again", (server) =>
  withLink(server, async (link) => {
    await link.call(ECHO, ["k"], ["1"]);
    await server.command("SCRIPT", "FLUSH");
    const replies = await Promise.all(
      ["a", "b", "c"].map((text) => link.call(ECHO, ["k"], [text])),
    );
    deepStrictEqual(replies.map((reply) => textOf(listOf(reply)[0])), ["a", "b", "c"]);
  }));

ON_SERVER.test("a server that is started again is found again", (server) =>
  withLink(server, async (link) => {
    await link.call(ECHO, ["k"], ["1"]);
    await server.kill();
    const calls = ["a", "b"].map((text) => link.call(ECHO, ["k"], [text]));
    await server.start();
    const replies = await Promise.all(calls);
    deepStrictEqual(replies.map((reply) => textOf(listOf(reply)[0])), ["a", "b"]);
  }));

ON_SERVER.test("a connection that is lost before it is given out is opened again", async (server) => {
  const connect = toAddress(server.url, [LIBRARIES[0]]);
  let count = 0;
  const link = new Link(
    async (onLost, node) => {
      const connection = await connect(onLost, node);
      if (++count === 2) onLost(new Error("lost"));
      return connection;
    },
    [ECHO],
    { reconnect: 20 },
  );
  try {
    await link.call(ECHO, ["k"], [""]);
    link.renew();
    const [, key] = listOf(await link.call(ECHO, ["again"], [""]));
    deepStrictEqual([textOf(key), count], ["again", 3]);
  } finally {
    link.close();
  }
});

ON_SERVER.test("a server that others had is waited for at first as well", async (server) => {
  await server.kill();
  const link = new Link(toAddress(server.url), [ECHO], {
    reconnect: 20,
    isKnown: true,
  });
  try {
    const called = link.call(ECHO, ["k"], [""]);
    await server.start();
    strictEqual(textOf(listOf(await called)[1]), "k");
  } finally {
    link.close();
  }
});

ON_SERVER.test("a server that does not come back fails the calls", async (server) => {
  const link = new Link(toAddress(server.url), [ECHO], { reconnect: 0.3 });
  await kept(link.call(ECHO, ["k"], ["1"]));
  await server.kill();
  await raises(
    () => kept(link.call(ECHO, ["k"], ["2"])),
    "ConnectionRefusedError",
    "[Errno 111] Connection refused",
  );
  await server.start();
  strictEqual(textOf(listOf(await kept(link.call(ECHO, ["k"], ["3"])))[0]), "3");
  link.close();
  await raises(() => link.call(ECHO, ["k"], ["4"]), "ConnectionResetError");
});

ON_SERVER.test("clients of the user's are copied, and go on", async (server) => {
  const { createClient } = await import("@redis/client");
  const { Redis } = await import("ioredis");
  const nodeRedis = createClient({ url: server.url });
  await nodeRedis.connect();
  const ioredis = new Redis(server.url);
  for (const client of [nodeRedis, ioredis]) {
    const link = new Link(likeClient(client as never), [ECHO], { reconnect: 20 });
    const [bytes] = listOf(await kept(link.call(ECHO, ["k"], [BYTES])));
    deepStrictEqual(new Uint8Array(bytes as Uint8Array), BYTES);
    link.close();
    strictEqual(await (client as { ping(): Promise<string> }).ping(), "PONG");
  }
  nodeRedis.destroy();
  ioredis.disconnect();
}, { leaks: LIBRARY_TIMERS });

ON_SERVER.test("more calls than are sent at a time", (server) =>
  withLink(server, async (link) => {
    const counts = await Promise.all(
      Array.from(
        { length: 3000 },
        (_, i) => link.call(PUSH, ["{k}l", "{k}s"], [String(i)]),
      ),
    );
    deepStrictEqual(counts, Array.from({ length: 3000 }, (_, i) => i + 1));
    ok(link.isUp);
    await server.command("FLUSHALL");
  }));

for (const code of ["ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]) {
  ON_SERVER.test(`a server that is away (${code}) is looked for again`, async (server) => {
    let attempts = 0;
    const connect = toAddress(server.url);
    const away = [2, 3];
    const link = new Link(
      (onLost) => {
        if (!away.includes(++attempts)) return connect(onLost);
        return Promise.reject(
          Object.assign(new Error(`getaddrinfo ${code}`), { code }),
        );
      },
      [ECHO],
      { reconnect: 20 },
    );
    await kept(
      (async () => {
        await link.call(ECHO, ["k"], ["1"]);
        await server.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        strictEqual(textOf(listOf(await link.call(ECHO, ["k"], ["2"]))[0]), "2");
        strictEqual(attempts, 4);
      })().finally(() => link.close()),
    );
  });
}

ON_SERVER.test("a server that hangs is not waited for without end", async (server) => {
  const link = new Link(toAddress(server.url), [ECHO], { reconnect: 0.3 });
  await kept(
    (async () => {
      await link.call(ECHO, ["k"], ["1"]);
      process.kill(server.pid, "SIGSTOP");
      try {
        const call = link.call(ECHO, ["k"], ["2"]);
        link.renew(); // as a session does that hears nothing; the system accepts for the server
        await raises(() => call, "OSError", "[Errno 110] Connection timed out");
      } finally {
        process.kill(server.pid, "SIGCONT");
      }
      strictEqual(textOf(listOf(await link.call(ECHO, ["k"], ["3"]))[0]), "3");
    })().finally(() => link.close()),
  );
});
