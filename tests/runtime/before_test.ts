/** What a child does before anything is loaded: nothing of it shows in the user's code. */
import { deepStrictEqual } from "node:assert/strict";
import { Process, Queue } from "../../mod.ts";
import { runToEnd } from "../cpython/helpers/checks.ts";
import { tellGlobals } from "../children/globals.ts";
import { test } from "../suite.ts";

test("a child's globals are as those of any program", async () => {
  const answers = Queue<unknown[]>();
  await runToEnd(new Process({ target: tellGlobals, args: [answers] }));
  const [whenLoaded, whenCalled] = await answers.get() as [unknown[], unknown[]];
  // By this all copies of the package know that the process is a child.
  const own = ["Symbol(@pystd/multiprocessing: evaluation)"];
  deepStrictEqual(whenLoaded, ["function", own]);
  deepStrictEqual(whenCalled, whenLoaded);
});
