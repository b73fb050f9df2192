/** Tests of src/functions/private_members.ts. */
import { strictEqual, throws } from "node:assert/strict";
import vm from "node:vm";
import {
  privateIn,
  privateMember,
  privateMemberOf,
} from "../../src/functions/private_members.ts";
import { Process } from "../../src/process.ts";
import { test } from "../suite.ts";

for (
  const [body, expected] of [
    ["#n = 0;", "#n"],
    ["#n", "#n"],
    ["a = 1; #n", "#n"],
    ["a = [1]\n  #n = 2\n  b", "#n"],
    ["f() {} #g() {}", "#g"],
    ["get #g() { return 1; }", "#g"],
    ["async *#g() {}", "#g"],
    ["static #count = 0; a = 1;", undefined],
    ["static #f() {} static async #g() {} static get #h() { return 1; }", undefined],
    ["static { const s = '#n'; }", undefined],
    ["/* #n */ a = 1; // #n\n b = '#n'; c = `#n`; d = /#n/;", undefined],
    ["a = { '#n': 1 }; f() { return '{ #n'; }", undefined],
    ["f() { return class { #inner = 1; }; }", undefined],
    ["static #n = 1; static has(o) { return #n in o; }", undefined],
    ["static #n = 1; static x = 0 ||\n  #n in {}", undefined],
    ["accessor = 1", undefined],
    ["accessor() {}", undefined],
    ["", undefined],
  ] as const
) {
  test(`private members: { ${body.replaceAll("\n", "¶")} }`, () => {
    for (const head of ["class A", "class A extends (class { #outer = {}; })"]) {
      const type = vm.runInThisContext(`(${head} { ${body} })`);
      strictEqual(privateMember(type), expected);
      strictEqual(privateMember(type), expected); // from memory
    }
  });
}

test("private members: what makes one fail that is made without its constructor", () => {
  class Fields {
    #n = 1;
    n(): number {
      return this.#n;
    }
  }
  class Methods {
    #f(): number {
      return 1;
    }
    n(): number {
      return this.#f();
    }
  }
  class Statics {
    static #n = 1;
    n(): number {
      return Statics.#n;
    }
  }
  for (const type of [Fields, Methods, Statics]) {
    const made = Object.create(type.prototype) as Fields;
    if (privateMember(type) === undefined) strictEqual(made.n(), 1);
    else throws(() => made.n(), TypeError);
  }
  strictEqual(privateMember(Statics), undefined);
  class Child extends Methods {}
  strictEqual(privateMemberOf(Child.prototype)?.type, Methods);
  strictEqual(
    privateMemberOf(Child.prototype, (at) => at === Methods.prototype),
    undefined,
  );
  strictEqual(privateMember(Math.max), undefined);
});

test("private members: accessor, which only compilers know yet", () => {
  for (const body of ["accessor n = 1;", "a; accessor n", "accessor #n = 1"]) {
    strictEqual(privateIn(`class A { ${body} }`)?.at(-1), "n");
  }
  strictEqual(privateIn("class A { static accessor n = 1; accessor = 2; }"), undefined);
  strictEqual(privateIn("function accessor() { /* #n */ }"), undefined);
});

export class Worker extends Process {
  #n = 0;
  open = 1;
  override run(): void {
    this.#n++;
  }
}

test("private members: those of a Process subclass are refused at the start", () => {
  throws(() => new Worker().start(), {
    name: "PicklingError",
    message:
      "Can't pickle 'Worker' object: the private '#n' of Worker cannot be sent; " +
      "make it public",
  });
});
