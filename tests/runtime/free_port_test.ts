import { ok, strictEqual, throws } from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { freePort } from "../../src/runtime/free_port.ts";
import { test } from "../suite.ts";

test("freePort() gives a port at which one can listen, and no other", async () => {
  const any = freePort(0, new Set());
  ok(any > 0 && any <= 65535);
  const server = createServer().listen(any, "127.0.0.1");
  await once(server, "listening");
  strictEqual((server.address() as AddressInfo).port, any);
  // A port that something listens at, and one that is kept for something, are passed over.
  const next = freePort(any, new Set());
  ok(next > any);
  ok(freePort(any, new Set([next])) > next);
  server.close();
  await once(server, "close");
  strictEqual(freePort(any, new Set()), any);
});

test("freePort() throws where none is left", () => {
  throws(() => freePort(65535, new Set([65535])), { code: "EADDRINUSE" });
});
