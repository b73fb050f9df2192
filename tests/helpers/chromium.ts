/**
 * A real browser, for tests of pages: the Chromium of this machine, as Debian has it. One
 * serves all tests of a file and ends with the process that runs them.
 *
 * @module
 */
import { ok } from "node:assert/strict";
import { accessSync, constants } from "node:fs";
import process from "node:process";
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

/** Milliseconds to wait for what should come; nobody waits so long on a quiet machine. */
const TIMEOUT = 90_000;

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const executablePath = (process.env.PATH ?? "").split(":")
  .flatMap((folder) => NAMES.map((name) => `${folder}/${name}`)).find(mayRun);

function mayRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Why there can be none here; undefined if there can. */
export const noChromium: string | undefined = executablePath === undefined
  ? "no Chromium: apt-get install chromium"
  : undefined;

/**
 * Opens an address and hands the page over. Nothing that it does may break its own rules or
 * be reported on its console: that fails the test.
 */
export async function withPage(
  url: string,
  fn: (page: Page) => Promise<void>,
  options: BrowserContextOptions = {},
): Promise<void> {
  await withBrowser(async (browser) => {
    const complaints: string[] = [];
    const page = await browser.newPage(options);
    page.setDefaultTimeout(TIMEOUT);
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => complaints.push(message.text()));
    page.on("request", (request) => {
      const to = request.url();
      if (!to.startsWith(url) && !/^(data|blob):/.test(to)) {
        complaints.push(`asks ${to}`);
      }
    });
    await page.goto(url);
    await fn(page);
    await page.close();
    ok(complaints.length === 0, complaints.join("\n"));
  });
}

async function withBrowser(fn: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await chromium.launch({
    executablePath: executablePath!,
    chromiumSandbox: process.getuid?.() !== 0, // there is none for the superuser
  });
  try {
    await fn(browser);
  } finally {
    await browser.close();
  }
}
