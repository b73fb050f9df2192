import { deepStrictEqual, strictEqual } from "node:assert/strict";
import { Output } from "../../src/link/output.ts";
import { test } from "../suite.ts";

/** An `Output` whose writes end when the test says so. */
function slowOutput() {
  const written: string[] = [];
  const complaints: string[] = [];
  const pending: { resolve(): void; reject(error: unknown): void }[] = [];
  const output = new Output(
    (bytes) =>
      new Promise<void>((resolve, reject) => {
        written.push(new TextDecoder().decode(bytes));
        pending.push({ resolve, reject });
      }),
    (text) => complaints.push(text),
  );
  const print = (text: string) => output.print(new TextEncoder().encode(text));
  return { print, written, complaints, next: () => pending.shift()! };
}

test("Output prints one text after the other", async () => {
  const { print, written, next } = slowOutput();
  const [first, second] = [print("one"), print("two")];
  deepStrictEqual(written, ["one"]);
  next().resolve();
  await first;
  deepStrictEqual(written, ["one", "two"]);
  next().resolve();
  await second;
});

test("Output says once why it prints nothing, and tries again", async () => {
  const { print, written, complaints, next } = slowOutput();
  for (const text of ["one", "two"]) {
    const printed = print(text);
    next().reject(new Error("no space left on device"));
    await printed;
  }
  deepStrictEqual(complaints, [
    "What processes print is lost: no space left on device\n",
  ]);
  const printed = print("three");
  next().resolve();
  await printed;
  deepStrictEqual(written, ["one", "two", "three"]);
});

test("Output drops everything once nobody reads any more", async () => {
  const gone = [
    Object.assign(new Error("broken pipe"), { code: "EPIPE" }),
    Object.assign(new Error("connection reset"), { name: "ConnectionReset" }),
  ];
  for (const error of gone) {
    const { print, written, complaints, next } = slowOutput();
    const [first, second] = [print("one"), print("two")];
    next().reject(error);
    await Promise.all([first, second]);
    strictEqual(print("three"), undefined);
    deepStrictEqual(written, ["one"]);
    deepStrictEqual(complaints, []);
  }
});

test("Output that prints at once has nothing to wait for", () => {
  const output = new Output(() => undefined);
  strictEqual(output.print(new Uint8Array(1)), undefined);
});

test("Output: a write that fails at once fails as one that fails later", () => {
  const complaints: string[] = [];
  const output = new Output(() => {
    throw new Error("full");
  }, (text) => complaints.push(text));
  strictEqual(output.print(new Uint8Array(1)), undefined);
  deepStrictEqual(complaints, ["What processes print is lost: full\n"]);
});
