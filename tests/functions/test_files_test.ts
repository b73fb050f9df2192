/** Tests of src/functions/test_files.ts: which modules register tests when imported. */
import { strictEqual } from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { isMock } from "../../src/functions/not_found.ts";
import { isTestFile } from "../../src/functions/test_files.ts";
import { withFolder } from "../helpers/folders.ts";
import { runtimeName, test } from "../suite.ts";

/** Modules that are test files. */
const TEST_FILES = {
  "node:test": 'import { test } from "node:test";\ntest("x", () => {});',
  "a default import": "import check from 'node:test'\ncheck('x', () => {})",
  "another name": 'import { it as check } from "vitest";',
  "several lines": 'import {\n  expect,\n  test,\n} from "bun:test";',
  "a namespace": 'import * as jest from "@jest/globals";',
  "require": 'const { test, mock } = require("node:test");',
  "import()": 'const { test } = await import("node:test");',
};

/** Other runners that are imported. */
const RUNNERS = ["mocha", "ava", "uvu", "tap", "tape", "@playwright/test"];
for (const name of RUNNERS) {
  Object.assign(TEST_FILES, { [name]: `import { test } from "${name}"` });
}

/** Modules that are not. */
const OTHERS = {
  "a mock alone": 'import { mock } from "node:test";\nexport const test = 1;',
  "a type": 'import type { test } from "vitest";',
  "another module": 'import { test } from "./suite.ts";\ntest("x", () => {});',
  "another import before":
    'import test from "./suite.js"\nimport { vi } from "vitest"\nvi.fn()',
  "a guard": 'import { test } from "node:test";\nif (is_main(import.meta)) test("x");',
  "no runner's global": 'describe("x", () => {});',
};

test("modules that register tests are told from others", () =>
  withFolder((folder) => {
    const cases = [
      // On Deno, a module that registers tests does no harm where none are run.
      ...Object.entries(TEST_FILES).map((one) => [...one, runtimeName !== "deno"]),
      ...Object.entries(OTHERS).map((one) => [...one, false]),
    ] as [string, string, boolean][];
    for (const [i, [what, text, expected]] of cases.entries()) {
      const file = `${folder}/${i}.js`;
      writeFileSync(file, text);
      strictEqual(isTestFile(pathToFileURL(file).href), expected, what);
    }
  }));

test("a call of a global that registers tests counts if there is one", () =>
  withFolder((folder) => {
    const globals = globalThis as { describe?: unknown };
    const file = `${folder}/globals.js`;
    writeFileSync(file, 'describe.each([1])("x", () => {});');
    const before = globals.describe;
    globals.describe = () => {};
    try {
      strictEqual(isTestFile(pathToFileURL(file).href), runtimeName !== "deno");
    } finally {
      if (before === undefined) delete globals.describe;
      else globals.describe = before;
    }
  }));

test("a mock is told by what test runners give it", () => {
  class MockFunctionContext {
    calls = [];
  }
  const made = (more: object) => Object.assign(() => {}, more);
  strictEqual(isMock(made({ _isMockFunction: true }), false), true);
  strictEqual(isMock(made({ isSinonProxy: true }), false), true);
  strictEqual(isMock(made({ mock: new MockFunctionContext() })), true);
  strictEqual(isMock(made({ mock: { calls: [] }, mockClear() {} })), true);
  strictEqual(isMock(made({ mock: { calls: [] } })), false);
  strictEqual(isMock(made({ mock: true })), false);
  strictEqual(isMock(() => {}), false);
});
