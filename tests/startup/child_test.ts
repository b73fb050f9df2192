/** Tests of src/startup/child.ts. */
import { match } from "node:assert/strict";
import process from "node:process";
import { Process, SimpleQueue } from "../../mod.ts";
import { commandLine } from "../helpers/root_targets.ts";
import { runtimeName, test } from "../suite.ts";

test("a child runs the entry itself, not what only leads there", async () => {
  const answers = SimpleQueue<string>();
  const p = new Process({ target: commandLine, args: [answers] });
  p.start();
  const inPackage = runtimeName === "node" ? "child\\.cjs" : "child\\.js";
  const entry = new RegExp(`/src/(bundle/${inPackage}|startup/child\\.ts)$`, "m");
  match(await answers.get(), entry);
  await p.join();
}, { skip: process.platform !== "linux" && "only Linux shows it in /proc" });
