import { deepStrictEqual } from "node:assert/strict";
import {
  keepArena,
  ownArena,
  removeArena,
  removeArenas,
} from "../../src/link/arena_folders.ts";
import { test } from "../suite.ts";

test("arenas' folders: each is removed once, in its own way", () => {
  const removed: string[] = [];
  const remove = (folder: string) => void removed.push(folder);
  keepArena("/nowhere/1", remove);
  keepArena("/nowhere/2", remove);
  keepArena("/nowhere/3", () => {
    throw new Error("it is open");
  });
  ownArena("/nowhere/4");
  removeArena("/nowhere/1");
  removeArena("/nowhere/1");
  deepStrictEqual(removed, ["/nowhere/1"]);
  removeArenas();
  removeArenas();
  deepStrictEqual(removed, ["/nowhere/1", "/nowhere/2"]);
});
