import { deepStrictEqual, rejects, strictEqual } from "node:assert/strict";
import { type Link, Peer } from "../../src/link/peer.ts";
import { identity } from "../../src/process/identity.ts";
import { launchConfigs, Popen } from "../../src/process/popen.ts";
import "../../src/link/root.ts"; // this process has a number in the hub
import { decode } from "../../src/codec/codec.ts";
import { Kind, type ToHub } from "../../src/wire/message.ts";
import { test } from "../suite.ts";

const LAUNCH = Uint8Array.of(1), INIT = Uint8Array.of(3), WORK = Uint8Array.of(2);
const CONFIGS = { launch: LAUNCH, init: INIT, host: null };

function popen(): { popen: Popen; peer: Peer; log: ToHub[] } {
  const log: ToHub[] = [];
  const link: Link = {
    copies: false,
    post: (message) => void log.push(message),
    repeat: () => () => {},
    takeNow: () => undefined,
  };
  const peer = new Peer(0, 0, link);
  return { popen: new Popen(peer, CONFIGS, WORK, [5]), peer, log };
}

const never = { timeout: null, signal: undefined };

test("Popen asks for a process and hands it its work", async () => {
  const { popen: it, peer, log } = popen();
  deepStrictEqual(log, [[Kind.Launch, 1, 1, LAUNCH, INIT], [Kind.Boot, 1, 0, WORK, [
    5,
  ]]]);
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

test("launchConfigs() tells the root how to start a process, and only that who it is", () => {
  const child = identity.current.child("Process", "one");
  const { launch, init } = launchConfigs(child, { keepsStderr: true });
  const config = decode(launch) as Record<string, unknown>;
  deepStrictEqual(Object.keys(config), [
    ...["name", "executable", "args", "cwd", "env", "keepsStderr", "grants"],
  ]);
  deepStrictEqual([config["name"], config["keepsStderr"]], ["one", true]);
  deepStrictEqual(decode(init), child.config(null));
});
