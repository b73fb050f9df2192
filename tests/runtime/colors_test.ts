/** Which colours children are told to print. */

import { deepStrictEqual } from "node:assert/strict";
import { colorVariable } from "../../src/runtime/colors.ts";
import { test } from "../suite.ts";

test("a terminal's variables tell how many colours it has", () => {
  const levels = [
    [{}, "1"],
    [{ TERM: "xterm" }, "1"],
    [{ TERM: "xterm-256color" }, "2"],
    [{ TERM: "xterm-256color", COLORTERM: "truecolor" }, "3"],
    [{ COLORTERM: "24bit" }, "3"],
  ] as const;
  for (const [env, FORCE_COLOR] of levels) {
    deepStrictEqual(colorVariable(env), { FORCE_COLOR });
  }
});

test("what a user has decided is left alone", () => {
  const decided = [
    { TERM: "dumb" },
    { NO_COLOR: "1" },
    { FORCE_COLOR: "0" },
    { NODE_DISABLE_COLORS: "1" },
  ];
  for (const env of decided) {
    deepStrictEqual(colorVariable({ COLORTERM: "truecolor", ...env }), {});
  }
});
