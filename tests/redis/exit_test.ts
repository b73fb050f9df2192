/** Ends of programs that use a server: they leave it, and are not kept alive by it. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { outputOf } from "../helpers/run.ts";
import { ON_SERVER } from "./server.ts";

const PROGRAM = "tests/children/redis_program.ts";

ON_SERVER.test("a program that has nothing left to do leaves the server", async (server) => {
  strictEqual(await outputOf(PROGRAM, [server.url]), "got 1\nend\n");
  strictEqual(await server.command("ZCARD", "{mp:test}:sessions"), 0);
  const mp = server.context();
  strictEqual(await mp.Lock({ name: "door" }).acquire(false), true);
  await mp.unlink();
});

ON_SERVER.test("Ctrl-C ends a wait", async (server) => {
  const said = await outputOf(PROGRAM, [server.url, "interrupt"]);
  strictEqual(said, "got 1\ninterrupted\nend\n");
  await server.context().unlink();
  deepStrictEqual(await server.keys(), []);
});
