/** Modules of the bundle as scripts. */
import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { asScript } from "../../scripts/module_script.ts";
import { test } from "../suite.ts";

/** A module as the bundle has it: what a script has not, the code, the exports. */
const FIRST = 'import{default as fs,join as joined}from"node:fs";import"./other.js";' +
  'const __url=import.meta.url,__import=url=>import(url),__late=[()=>import("./a.js"),' +
  '()=>import("node:b")];';
const CODE = `${FIRST}
let count=0;function add(n){return count+=n}
const text="\\nexport{";function main(){return [fs,joined,__url,__import,__late[1](),text]}
export{add,count as total,main as begin};
`;

/** Runs a function of a script with nothing to import. */
const runAlone = (text: string) => (0, eval)(text)([{}, {}], "", undefined, []);

test("a module becomes a function that runs it", () => {
  const { text, imports, late } = asScript(CODE, "main");
  deepStrictEqual(imports, ["node:fs", "./other.js"]);
  deepStrictEqual(late, ["./a.js", "node:b"]);
  const load = () => {};
  const names = { default: "the module", join: "a name" };
  const run = (0, eval)(text);
  const module = run([names, {}], "file:///core.js", load, [() => 1, () => 2]);
  const expected = ["the module", "a name", "file:///core.js", load, 2, "\nexport{"];
  deepStrictEqual(module.main(), expected);
  deepStrictEqual(Object.keys(module.names()), ["add", "total", "begin"]);
  strictEqual(module.names().begin, module.main);
});

test("one without imports, and without a main function, becomes one too", () => {
  const { text, imports, late } = asScript("\nconst one=1;\nexport{one};\n");
  deepStrictEqual([imports, late], [[], []]);
  const { main, names } = runAlone(text);
  strictEqual(main, undefined);
  deepStrictEqual(names(), { one: 1 });
});

test("the code stands in the line in which the module has it", () => {
  const { text } = asScript(CODE, "main");
  const line = (all: string) =>
    all.split("\n").findIndex((part) => part.includes("add("));
  strictEqual(line(text), line(CODE));
});

test("its exports are those of the moment in which they are asked for", () => {
  const { names } = runAlone(asScript(CODE).text);
  strictEqual(names().total, 0);
  names().add(3);
  strictEqual(names().total, 3);
});

test("each run of it is one of its own", () => {
  const { text } = asScript(CODE);
  const [one, other] = [runAlone(text), runAlone(text)];
  one.names().add(3);
  strictEqual(other.names().total, 0);
});
