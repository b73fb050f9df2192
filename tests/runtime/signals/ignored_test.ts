import { strictEqual } from "node:assert/strict";
import process from "node:process";
import { isIgnored, maskOf } from "../../../src/runtime/signals/ignored.ts";
import { test } from "../../suite.ts";

test("maskOf finds the mask of ignored signals in the text of the system", () => {
  const status = "SigPnd:\t0000000000000000\nSigIgn:\t0000000000001002\nSigCgt:\t00\n";
  strictEqual(maskOf(status), 0x1002n);
  strictEqual(maskOf("SigCgt:\t00\n"), null);
  strictEqual(maskOf(undefined), null);
});

test("isIgnored: this program was not started to ignore SIGTERM", () => {
  strictEqual(isIgnored("SIGTERM"), process.platform === "linux" ? false : undefined);
});
