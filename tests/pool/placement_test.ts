import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Placement } from "../../src/pool/placement.ts";
import { test } from "../suite.ts";

function placement(...hosts: [string, number][]) {
  const out: string[] = [];
  return { out, it: new Placement(hosts, (host) => void out.push(host)) };
}

test("workers go where there are fewest, in the order of the list", () => {
  const { it } = placement(["a", 1], ["b", 1], ["c", 1]);
  const seats = Array.from({ length: 10 }, () => it.take());
  deepStrictEqual(seats.map(({ host }) => host).join(""), "abcabcabca");
  it.leave(seats[1]!, true);
  strictEqual(it.take().host, "b");
});

test("a host's weight is its share", () => {
  const { it } = placement(["a", 1], ["b", 3]);
  const hosts = Array.from({ length: 12 }, () => it.take().host);
  strictEqual(hosts.filter((host) => host === "b").length, 9);
});

test("a host is left out whose workers end twice in a row before they are there", () => {
  const { it, out } = placement(["a", 1], ["b", 1]);
  strictEqual(it.spareFailures, 2);
  const first = it.take();
  it.leave(first, false);
  const second = it.take();
  it.isReady(second);
  it.leave(second, true);
  it.leave(it.take(), false);
  deepStrictEqual(out, []);
  it.leave(it.take(), false);
  deepStrictEqual(out, ["a"]);
  strictEqual(it.take().host, "b");
  // One that was started before is no reason to tell of it again.
  it.leave(first, false);
  deepStrictEqual(out, ["a"]);
});

test("the last host is never left out", () => {
  const { it, out } = placement(["a", 1]);
  for (let i = 0; i < 5; i++) it.leave(it.take(), false);
  deepStrictEqual([it.take().host, out], ["a", []]);
});
