/** Tests of what the runtime tells of modules: src/runtime/modules/*.ts. */

import { ok, strictEqual } from "node:assert/strict";
import { asUrl } from "../../../src/runtime/modules/inspector.ts";
import { runtime } from "../../../src/runtime/mod.ts";
import * as picklable from "../../helpers/picklable.ts";
import { runtimeName, test } from "../../suite.ts";

const EXTENSION = import.meta.url.slice(import.meta.url.lastIndexOf("."));
const PICKLABLE = new URL(`../../helpers/picklable${EXTENSION}`, import.meta.url).href;
const FORBIDDEN = PICKLABLE.replace("picklable.", "picklable_forbidden.");

test("locate: where a function, a class and a closure were made", async () => {
  for (const callable of [picklable.plain, picklable.Point, picklable.hidden()[1]!]) {
    const location = await runtime.locate(callable);
    strictEqual(location?.url, PICKLABLE);
    ok(location.line > 1);
    ok(location.source.includes("class Point"));
  }
}, { skip: runtimeName === "bun" && "Bun does not tell" });

test("locate: what the module binds, by local names", async () => {
  const { bindings } = (await runtime.locate(picklable.plain))!;
  strictEqual(bindings?.get("plain"), picklable.plain);
  strictEqual(bindings.get("local"), picklable.renamed);
  strictEqual(bindings.get("Point"), picklable.Point);
}, { skip: runtimeName === "bun" && "Bun does not tell" });

test("locate: what was made by the engine is nowhere", async () => {
  strictEqual(await runtime.locate(Math.sqrt), undefined);
  strictEqual(await runtime.locate((() => {}).bind(null)), undefined);
});

test("loadedModule: the namespace of a module that is loaded", async () => {
  strictEqual((await runtime.loadedModule(PICKLABLE))?.plain, picklable.plain);
});

test("isLoaded: a module that is, one that is not", async () => {
  strictEqual(await runtime.isLoaded(PICKLABLE), true);
  strictEqual(await runtime.isLoaded(FORBIDDEN), false);
  strictEqual(await runtime.isLoaded("data:text/javascript,1"), false);
});

test("loadedModules: files that are loaded, without packages", () => {
  const urls = runtime.loadedModules(false);
  for (const url of urls) {
    ok(url.startsWith("file:") && !url.includes("/node_modules/"));
  }
  if (runtimeName === "bun") ok(urls.includes(PICKLABLE));
});

test("moduleSource: a file's text, nothing for what is no file", () => {
  ok(runtime.moduleSource(PICKLABLE)?.includes("class Point"));
  for (const url of [`${PICKLABLE}.missing`, "data:text/javascript,1", "node:fs"]) {
    strictEqual(runtime.moduleSource(url), undefined);
  }
});

test("asRun: shows functions as their own text does", () => {
  const text = runtime.asRun(runtime.moduleSource(PICKLABLE)!, PICKLABLE);
  for (const callable of [picklable.plain, picklable.arrow, picklable.Point]) {
    ok(text.includes(String(callable)));
  }
  strictEqual(runtime.asRun("not { code", PICKLABLE), "not { code");
}, {
  skip: runtimeName !== "bun" && "the others' sources are compared in another way",
});

test("CommonJS modules, which the inspector lists by paths, have URLs on all systems", () => {
  for (
    const [place, url] of [
      ["/a b/c.cjs", "file:///a%20b/c.cjs"],
      ["C:\\a b\\c.cjs", "file:///C:/a%20b/c.cjs"],
      ["\\\\server\\share\\c.cjs", "file://server/share/c.cjs"],
      ["node:fs", "node:fs"],
      ["file:///x.mjs", "file:///x.mjs"],
      ["evalmachine.<anonymous>", "evalmachine.<anonymous>"],
    ]
  ) strictEqual(asUrl(place!), url);
});
