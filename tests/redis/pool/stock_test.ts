/** How many tasks a worker asks for. */
import { ok, strictEqual } from "node:assert/strict";
import { Stock } from "../../../src/redis/pool/stock.ts";
import { test } from "../../suite.ts";

/** Receives what it asks for, and does it. */
function work(stock: Stock, micros: number, rounds: number): number {
  let room = 0;
  for (let i = 0; i < rounds; i++) {
    room = stock.room;
    stock.arrived(stock.received + room, true);
    while (!stock.isEmpty) stock.finished(micros);
  }
  return room;
}

test("short tasks are had ahead, more with each time", () => {
  const stock = new Stock(Infinity);
  strictEqual(stock.room, 1);
  ok(work(stock, 10, 3) <= 8);
  const room = work(stock, 10, 20);
  ok(room > 100 && room <= 512, `${room}`);
});

test("long tasks come one at a time, also after short ones", () => {
  strictEqual(work(new Stock(Infinity), 50_000, 10), 1);
  const stock = new Stock(Infinity);
  work(stock, 10, 20);
  strictEqual(work(stock, 1e6, 2), 1);
});

test("none beside one that is alone, and no more than it may do", () => {
  const stock = new Stock(3);
  stock.isAlone = true;
  strictEqual(stock.room, 0);
  stock.isAlone = false;
  work(stock, 10, 10);
  strictEqual(stock.done, 3);
  strictEqual(stock.room, 0);
});
