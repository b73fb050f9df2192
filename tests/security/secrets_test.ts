/**
 * No key is shown: by whatever makes text of objects, of all kinds of objects that the
 * package exports, as text, in hexadecimal digits, in base 64 or as a list of bytes.
 */
import { ok, strictEqual, throws } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { inspect } from "node:util";
import * as main from "../../mod.ts";
import * as connection from "../../src/connection.ts";
import * as context from "../../src/context.ts";
import * as managers from "../../src/managers.ts";
import * as pool from "../../src/pool.ts";
import * as processes from "../../src/process.ts";
import { Finalize } from "../../src/python/util.ts";
import { repr, reprTuple } from "../../src/python/repr.ts";
import { pairOf } from "../helpers/socket_pairs.ts";
import { nothing, square } from "./secret_targets.ts";
import { runProgram } from "../helpers/run.ts";
import { SOCKETS } from "../helpers/groups.ts";
import { runtimeName, test } from "../suite.ts";

const TEXT = "Zaphod-Beeblebrox-042-is-so-hip!";
const KEY = new TextEncoder().encode(TEXT);

/** Whether a text holds the key, or enough of it. */
function shows(text: string): boolean {
  const hex = Buffer.from(KEY).toString("hex");
  const forms = [TEXT, hex, hex.toUpperCase(), Buffer.from(KEY).toString("base64")];
  if (forms.some((form) => text.includes(form.slice(0, 16)))) return true;
  const numbers = (text.match(/\d+/g) ?? []).map(Number);
  const few = [...KEY.subarray(0, 8)];
  // One after the other, or each behind its index, as JSON has typed arrays.
  return [1, 2].some((step) =>
    numbers.some((_, at) => few.every((byte, i) => numbers[at + i * step] === byte))
  );
}

/** All ways in which the runtimes make text of an object. */
const RENDERINGS: Record<string, (value: unknown) => string> = {
  String: (value) => String(value),
  JSON: (value) => JSON.stringify(value) ?? "",
  "JSON, within": (value) => JSON.stringify({ a: [value] }),
  locale: (value) => (value as object).toLocaleString(),
  inspect: (value) => inspect(value),
  "inspect, deep": (value) => inspect(value, { depth: Infinity, showHidden: true }),
  "inspect, getters": (value) =>
    inspect(value, { depth: Infinity, showHidden: true, getters: true }),
  "inspect, within": (value) => inspect(new Map([[value, [value]]]), { depth: 9 }),
  repr: (value) => repr(value),
  reprTuple: (value) => reprTuple([value, { a: value }]),
  ...runtimeName === "deno" && {
    "Deno.inspect": (value) =>
      Deno.inspect(value, { depth: 99, showHidden: true, getters: true }),
  },
  ...runtimeName === "bun" && {
    "Bun.inspect": (value) =>
      // deno-lint-ignore no-explicit-any -- present on Bun, which alone runs this
      (globalThis as any).Bun.inspect(value, { depth: 99, showHidden: true }),
  },
};

/** As above, but past what an object says of itself: only what is hidden stays hidden. */
const RAW: Record<string, (value: unknown) => string> = {
  "inspect, raw": (value) =>
    inspect(value, { depth: 9, showHidden: true, customInspect: false }),
  fields: (value) => inspect({ ...value as object }, { depth: 9, showHidden: true }),
};

function check(name: string, value: unknown, renderings = RENDERINGS): void {
  for (const [how, render] of Object.entries(renderings)) {
    let text: string;
    try {
      text = render(value);
    } catch (error) {
      text = inspect(error); // a class that cannot be made text, say
    }
    ok(!shows(text), `${name} by ${how}`);
  }
}

test("the search finds a key in each of its forms", () => {
  const forms = [
    ...[TEXT, Buffer.from(KEY).toString("hex"), Buffer.from(KEY).toString("base64")],
    ...[String(KEY), inspect(KEY), JSON.stringify(KEY), JSON.stringify([...KEY])],
    ...[JSON.stringify(Buffer.from(KEY)), repr(KEY), inspect({ a: { b: KEY } })],
    inspect(Buffer.from(KEY)).replaceAll(" ", ""),
  ];
  for (const form of forms) ok(shows(form), form);
  for (const [how, render] of Object.entries(RENDERINGS)) {
    ok(
      shows(render({ toString: () => TEXT, toLocaleString: () => TEXT, key: KEY })),
      how,
    );
  }
});

/** Sets this process's key, and has `fn` make objects that use it. */
async function withKey(fn: () => Promise<void>): Promise<void> {
  const current = main.current_process();
  const before = new Uint8Array(current.authkey);
  current.authkey = KEY;
  try {
    await fn();
  } finally {
    current.authkey = before;
  }
}

test("a key, and what holds one, is not shown", async () => {
  await withKey(async () => {
    const key = main.current_process().authkey;
    ok(Buffer.from(key).equals(KEY)); // it is there, and can be read
    for (const [name, value] of Object.entries({ key, "a part": key.subarray(1) })) {
      check(name, value);
      check(name, { value, inner: [value] });
    }
    // Bun shows the fields of errors, and asks none of them how; nothing of ours puts a key
    // into one.
    const { "Bun.inspect": _, ...others } = RENDERINGS;
    check("an error's arguments", new main.KeyError(key), others);
    check("a finalizer", new Finalize({}, nothing, [key]));
    await null;
  });
});

SOCKETS.test(
  "no object that is exported shows the key that it uses",
  () =>
    withKey(async () => {
      await using manager = new managers.SyncManager({ authkey: KEY });
      const initial = new managers.BaseManager({ authkey: KEY });
      check("a manager before start", initial);
      check("a manager before start", initial, RAW);
      await manager.start();
      const server = await new managers.SyncManager({ authkey: KEY }).get_server();
      const listener = await connection.Listener({ authkey: KEY });
      const [accepted, client] = await pairOf(listener, { authkey: KEY });
      const started = new main.Process({ target: nothing });
      started.authkey = KEY;
      await started.start();
      const workers = main.Pool(1);
      const threads = pool.ThreadPool(1);
      const list = await manager.list([1]);
      const objects: Record<string, unknown> = {
        manager,
        server,
        listener,
        accepted,
        client,
        started,
        workers,
        threads,
        "the manager's process": manager._process,
        "this process": main.current_process(),
        "another process": new main.Process({ target: square, args: [1] }),
        "of another context": new (main.get_context("spawn").Process)(),
        context: main.get_context("spawn"),
        result: workers.apply_async(square, [3]),
        imap: workers.imap(square, [1]),
        queue: main.Queue(),
        joinable: main.JoinableQueue(),
        simple: main.SimpleQueue(),
        pipe: main.Pipe(),
        ...Object.fromEntries(
          ["Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition", "Event"].map(
            (name) => [name, (main as Record<string, unknown>)[name]],
          ).map(([name, make]) => [name, (make as () => unknown)()]),
        ),
        barrier: main.Barrier(2),
        list,
        token: list._token,
        dict: await manager.dict({ a: 1 }),
        set: await manager.set(),
        namespace: await manager.Namespace(),
        value: await manager.Value("i", 1),
        array: await manager.Array("i", [1]),
        "a queue of the manager": await manager.Queue(),
        "a lock of the manager": await manager.Lock(),
        "a condition of the manager": await manager.Condition(),
        "an event of the manager": await manager.Event(),
        "a barrier of the manager": await manager.Barrier(2),
        logger: main.get_logger(),
        sentinel: started.sentinel,
      };
      for (const [name, value] of Object.entries(objects)) {
        check(name, value);
        check(name, value, RAW);
      }
      for (
        const [name, module] of Object.entries({
          main,
          connection,
          context,
          managers,
          pool,
          processes,
        })
      ) {
        check(name, module);
        for (const [exported, value] of Object.entries(module)) {
          check(`${name}.${exported}`, value, RAW);
        }
      }
      await started.join();
      for (const closable of [client, accepted]) closable.close();
      listener.close();
      server.close();
      await workers.terminate();
      await threads.terminate();
    }),
);

test("errors about keys do not show them", () => {
  for (
    const make of [
      () => new managers.SyncManager({ authkey: TEXT as never }),
      () => main.current_process().authkey = TEXT as never,
      () => new main.Process().authkey = TEXT as never,
    ]
  ) {
    throws(make, (error: Error) => {
      ok(!shows(`${error} ${error.stack?.split("\n")[0]} ${inspect(error)}`));
      return true;
    });
  }
});

test("a program that logs and prints everything shows no key", async () => {
  const { stdout, stderr, code } = await runProgram("tests/children/secrets.ts", {
    args: [TEXT],
  });
  strictEqual(code, 0, stderr);
  ok(stderr.includes("finalizer"), stderr); // it did log
  ok(stdout.includes("AuthenticationError"), stdout); // and was refused
  ok(!shows(stdout), stdout);
  ok(!shows(stderr), stderr);
});
