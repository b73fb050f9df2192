/** What a server or a network can refuse, and the errors that it becomes. */
import { ok, strictEqual } from "node:assert/strict";
import { ConnectionError, OSError } from "../../../mod.ts";
import { translated } from "../../../src/redis/driver/errors.ts";
import { toAddress } from "../../../src/redis/driver/open.ts";
import { checkVersion } from "../../../src/redis/driver/version.ts";
import { get_context } from "../../../src/redis.ts";
import { raises } from "../../cpython/helpers/checks.ts";
import { test } from "../../suite.ts";
import {
  freePort,
  kept,
  LIBRARY_TIMERS,
  noServer,
  ON_SERVER,
  Server,
} from "../server.ts";

const LIBRARIES = ["@redis/client", "ioredis", "iovalkey"] as const;

for (const library of LIBRARIES) {
  test(`${library}: nobody listens`, async () => {
    const error = await failure(`redis://127.0.0.1:${await freePort()}`, library);
    strictEqual(error.name, "ConnectionRefusedError");
    ok(error instanceof OSError);
  }, { leaks: LIBRARY_TIMERS });

  test(`${library}: a wrong password`, async () => {
    const server = await Server.start("--requirepass", "right");
    try {
      for (const url of [server.url, server.url.replace("//", "//:wrong@")]) {
        strictEqual((await failure(url, library)).name, "AuthenticationError");
      }
    } finally {
      await server.stop();
    }
  }, { skip: noServer, leaks: LIBRARY_TIMERS });

  test(`${library}: too many clients`, async () => {
    const server = await Server.start("--maxclients", "1");
    try {
      strictEqual(await server.text("PING"), "PONG");
      ok(await failure(server.url, library) instanceof ConnectionError);
    } finally {
      await server.stop();
    }
  }, { skip: noServer, leaks: LIBRARY_TIMERS });
}

test("no password: calls tell that one is needed", async () => {
  const server = await Server.start("--requirepass", "right");
  try {
    const mp = get_context("redis", { url: server.url });
    await raises(() => mp.Queue().put(1), "AuthenticationError", /^NOAUTH/);
    await raises(() => mp.Lock().acquire(), "AuthenticationError", /^NOAUTH/);
    await mp.shutdown();
  } finally {
    await server.stop();
  }
}, { skip: noServer });

test("a host that has no address", async () => {
  const mp = get_context("redis", { url: "redis://no-such-host.invalid" });
  // Where there is no network, nobody can tell.
  await raises(() => mp.Queue().put(1), "OSError", /^\[Errno -[23]\]/);
  await mp.shutdown();
});

/** The error of the first command. */
async function failure(url: string, library: typeof LIBRARIES[number]): Promise<Error> {
  const connect = toAddress(url, [library]);
  const asking = async () => {
    const connection = await connect(() => {});
    try {
      await connection.send(["GET", "x"]);
    } finally {
      connection.close();
    }
  };
  return await kept(
    asking().then(() => new Error("it has connected"), translated),
  ) as Error;
}

test("nobody listens: calls reject at once", async () => {
  const mp = get_context("redis", { url: `redis://127.0.0.1:${await freePort()}` });
  const refused = ["ConnectionRefusedError", "[Errno 111] Connection refused"] as const;
  await raises(() => mp.Queue().put(1), ...refused);
  await raises(() => mp.Queue().get({ timeout: 5 }), ...refused);
  await raises(() => mp.Lock().acquire(), ...refused);
  await mp.shutdown();
});

test("no library is installed", async () => {
  const connect = toAddress("redis://127.0.0.1", []);
  await raises(
    () => connect(() => {}),
    "ModuleNotFoundError",
    "No module named '@redis/client': install a client of the server, npm i " +
      "@redis/client (or iovalkey, ioredis), or hand one in: get_context('redis', " +
      "{ client })",
  );
});

ON_SERVER.test("memory is full: what needs some is refused, all else goes on", async (server) => {
  const mp = server.context();
  const [q, lock] = [mp.Queue<string>(), mp.Lock()];
  await q.put("first");
  await lock.acquire();
  await server.command("CONFIG", "SET", "maxmemory", "1");
  await raises(
    () => q.put("second"),
    "OSError",
    /^\[Errno 12\] Cannot allocate memory: OOM .*'maxmemory'$/,
  );
  strictEqual(await q.get(), "first");
  await raises(() => q.get({ timeout: 0.01 }), "Empty");
  await lock.release();
  strictEqual(await lock.acquire(), true);
  await lock.release();
  await server.command("CONFIG", "SET", "maxmemory", "0");
  await q.put("third");
  strictEqual(await q.get(), "third");
});

ON_SERVER.test("a replica may only be read", async (server) => {
  const replica = await Server.start("--replicaof", "127.0.0.1", String(server.port));
  try {
    const mp = get_context("redis", { url: replica.url });
    const why = /^\[Errno 30\] Read-only file system: READONLY .* replica$/;
    await raises(() => mp.Queue().put(1), "OSError", why);
    await raises(() => mp.Event().wait(), "OSError", why);
    await mp.shutdown();
  } finally {
    await replica.stop();
  }
});

ON_SERVER.test("a user that may not do that", async (server) => {
  await server.command(
    "ACL",
    "SETUSER",
    "some",
    "on",
    ">secret",
    "~*",
    "+@connection",
    "+script",
  );
  const mp = get_context("redis", { url: server.url.replace("//", "//some:secret@") });
  await raises(() => mp.Queue().put(1), "PermissionError");
  await mp.shutdown();
});

test("servers that are too old", async () => {
  const info = (version: string) =>
    `# Server\r\nredis_version:${version}\r\nredis_mode:x\r\n`;
  for (const version of ["2.8.24", "5.0.14", "6.0.16"]) {
    await raises(
      () => checkVersion(info(version)),
      "NotImplementedError",
      `the server is Redis ${version}: version 6.2 or later is needed, or Valkey`,
    );
  }
  for (const version of ["6.2.0", "7.0.15", "7.2.4", "10.0.0-rc1"]) {
    checkVersion(info(version));
  }
  checkVersion("");
});
