/** The page of a real program, in a real browser: the pipeline of the examples. */
import { match, ok } from "node:assert/strict";
import type { Page } from "playwright-core";
import { noChromium, withPage } from "../helpers/chromium.ts";
import { type RunningProgram, startProgram } from "../helpers/run.ts";
import { testsWith } from "../suite.ts";
import { paint, row } from "./shown.ts";

const { test } = testsWith({
  skip: noChromium,
  leaks: "the library that drives the browser keeps some",
  timeout: 240,
});

/** Starts the pipeline and opens the page that it has printed the address of. */
async function watching(
  args: string[],
  fn: (page: Page, program: RunningProgram) => Promise<void>,
): Promise<void> {
  const path = "examples/inspect_pipeline.ts";
  const program = startProgram(path, { args, timeout: 230 });
  try {
    await program.waitForOutput("/\n");
    const url = /http:\S+/.exec(program.stdout)![0];
    await withPage(url, (page) => fn(page, program));
  } finally {
    program.kill("SIGKILL");
    await program.finished;
  }
}

test("the page of a pipeline shows what its processes do", async () => {
  await watching([], async (page) => {
    const cell = (name: string) => page.getByRole("rowheader", { name, exact: true });
    for (const name of ["MainProcess", "camera", "detector", "store"]) {
      await cell(name).waitFor();
    }
    match(
      await row(page, "MainProcess"),
      /join: camera .*inspect_pipeline\.(ts|js):\d+/,
    );
    const depth = page.locator(".queue").filter({ hasText: "frames" }).locator(
      ".depth b",
    );
    await depth.waitFor();
    const first = await depth.innerText();
    match(first, /^\d+ \/ 64$/);
    await depth.filter({ hasNotText: first }).waitFor();
    await page.locator(".legend").filter({ hasText: "shrink" }).waitFor();
    while (await paint(page) < 0.02); // tasks come, one after the other
    await page.locator(".stdout .text").filter({ hasText: /^stored \d+ boxes$/ })
      .first()
      .waitFor();
    await page.getByRole("row").filter({ hasText: "log Lock" }).waitFor();
  });
});

test("the page of a deadlock says who waits for what, and since when", async () => {
  await watching(["--deadlock"], async (page) => {
    const alert = page.getByRole("alert");
    await alert.waitFor();
    const text = await page.locator(".banner.bad").innerText();
    for (const name of ["transfer-1", "transfer-2", "accountA", "accountB"]) {
      ok(text.includes(name), text);
    }
    match(text, /inspect_pipeline\.(ts|js):\d+/);
    match(await row(page, "transfer-1"), /stuck .*acquire: accountB .*holds accountA/);
    const account = page.getByRole("row").filter({ hasText: "accountA Lock" });
    match(await account.innerText(), /transfer-1[^]*transfer-2/);
  });
});

test("when the program has ended the page says so, and can be saved", async () => {
  await watching([], async (page, program) => {
    await page.getByRole("row").first().waitFor();
    await page.clock.install();
    await page.getByRole("button", { name: "Pause" }).click();
    program.kill("SIGINT");
    await program.finished;
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save page" }).click(),
    ]);
    match(download.suggestedFilename(), /^inspect_pipeline\.(ts|js)-.*\.html$/);
    await download.delete();
  });
});
