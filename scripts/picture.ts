/**
 * Takes the picture of the page that shows a program, `docs/images/inspect.png`:
 * `deno run -A scripts/picture.ts`, with Debian's `chromium` and `pngquant`. It is of
 * `examples/inspect_pipeline.ts` on Deno, half a minute after its start.
 *
 * @module
 */
import { chromium } from "playwright-core";
import { mustRun, ROOT } from "./project.ts";

/** Pixels; what is below the first lines of the output is cut off. */
const SIZE = { width: 1500, height: 1060 };
/** Milliseconds: by then the curves and lanes are full. */
const TIME = 36_000;

const program = new Deno.Command(Deno.execPath(), {
  args: ["run", "-A", `${ROOT}/examples/inspect_pipeline.ts`, "--deadlock"],
  stdout: "piped",
}).spawn();
const output = program.stdout.pipeThrough(new TextDecoderStream()).getReader();
const { value = "" } = await output.read();
const url = /http:\S+/.exec(value)![0];
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  chromiumSandbox: Deno.uid() !== 0,
});
try {
  const page = await browser.newPage({ viewport: SIZE });
  await page.goto(url);
  await page.waitForTimeout(TIME);
  const path = `${ROOT}/docs/images/inspect.png`;
  await page.screenshot({ path });
  await mustRun(["pngquant", "--force", "--ext=.png", "--speed=1", "128", path]);
  console.log(`${(await Deno.stat(path)).size} bytes`);
} finally {
  await browser.close();
  program.kill("SIGKILL"); // Ctrl-C would have to go to its children as well
  await output.cancel();
  await program.status;
}
