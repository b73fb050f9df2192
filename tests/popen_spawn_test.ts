import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type Link, Peer } from "../src/peer.ts";
import { Popen } from "../src/popen_spawn.ts";
import { Kind, type ToHub } from "../src/wire/message.ts";
import { test } from "./suite.ts";

const CONFIG = Uint8Array.of(1), WORK = Uint8Array.of(2);

function popen(): { popen: Popen; peer: Peer; log: ToHub[] } {
  const log: ToHub[] = [];
  const link: Link = {
    copies: false,
    post: (message) => void log.push(message),
    repeat: () => () => {},
    takeNow: () => undefined,
  };
  const peer = new Peer(0, 0, link);
  return { popen: new Popen(peer, CONFIG, WORK, [5]), peer, log };
}

const never = { timeout: null, signal: undefined };

test("Popen asks for a process and hands it its work", async () => {
  const { popen: it, peer, log } = popen();
  deepStrictEqual(log, [[Kind.Launch, 1, 1, CONFIG], [Kind.Boot, 1, 0, WORK, [5]]]);
  peer.receive([Kind.Answer, 0, 1, 4711]);
  await it.launched;
  strictEqual(it.pid, 4711);
  peer.receive([Kind.Exited, 1, 0]);
});

test("Popen knows the end, tells it once, and sends no signal afterwards", async () => {
  const { popen: it, peer, log } = popen();
  peer.receive([Kind.Answer, 0, 1, 4711]);
  it.signal(15);
  deepStrictEqual(log.at(-1), [Kind.Signal, 1, 15]);
  const waiting = it.wait(never);
  let told = 0;
  it.onExit(() => told++);
  it.onExit(() => told++)();
  strictEqual(it.sentinel.isReady, false);
  peer.receive([Kind.Exited, 1, -15]);
  peer.receive([Kind.Exited, 1, 0]);
  strictEqual(await waiting, true);
  strictEqual(it.returncode, -15);
  strictEqual(it.sentinel.isReady, true);
  strictEqual(told, 1);
  it.sentinel.onReady(() => told++);
  strictEqual(told, 2);
  const sent = log.length;
  it.signal(9);
  strictEqual(log.length, sent);
});

test("Popen.wait gives false when its time is over", async () => {
  const { popen: it, peer } = popen();
  peer.receive([Kind.Answer, 0, 1, 4711]);
  strictEqual(await it.wait({ timeout: 0, signal: undefined }), false);
  strictEqual(await it.wait({ timeout: 0.001, signal: undefined }), false);
  peer.receive([Kind.Exited, 1, 0]);
});

test("Popen.launched rejects when there is no process", async () => {
  const { popen: it, peer } = popen();
  peer.receive([Kind.Failure, 0, 1, "OSError", "no"]);
  await rejects(it.launched, { name: "OSError" });
  strictEqual(it.returncode, 1);
});
