import { strictEqual } from "node:assert/strict";
import { acceptWord, newWord } from "../../src/link/words.ts";
import { switches } from "../../src/runtime/switches.ts";
import { Kind } from "../../src/wire/message.ts";
import { test } from "../suite.ts";

test("newWord: none where the switch is off", () => {
  switches.words = false;
  strictEqual(newWord(), null);
  switches.words = true;
});

test(
  "acceptWord: a process that is not told where has no word, nor one that cannot open it",
  async () => {
    strictEqual(await acceptWord([Kind.Word, 5, "", 0, 0]), undefined);
    strictEqual(await acceptWord([Kind.Word, 5, "/nowhere/words", 0, 1]), undefined);
  },
  { leaks: "the way of mapping is found once and stays open" },
);
