/** A test file that does not end, and cannot say what it does either. */
import "../../../mod.ts";
import { test } from "../../suite.ts";

test("computes for ever", () => {
  for (;;);
});
