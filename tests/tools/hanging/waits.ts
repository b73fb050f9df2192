/** A test file that does not end: its test waits for a child, and that for an item. */
import { Process, Queue } from "../../../mod.ts";
import { test } from "../../suite.ts";
import { consume } from "./work.ts";

test("waits for ever", async () => {
  const orders = Queue<number>();
  const consumer = new Process({ target: consume, args: [orders], name: "consumer" });
  consumer.start();
  await consumer.join();
}, { leaks: "it is killed" });
