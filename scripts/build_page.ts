/**
 * Makes `src/inspect/page/text.ts` of what is in `page/`: the style and the program of the
 * page that shows a running program, as two texts. `deno task page` writes it, and with
 * `--check` it is only compared; the types of `page/`, which are those of browsers, are
 * checked either way.
 *
 * The texts are part of a module, as bundlers and compilers of executables lose other files.
 *
 * @module
 */
import * as esbuild from "esbuild";
import { mustRun, ROOT } from "./project.ts";

const TARGET = `${ROOT}/src/inspect/page/text.ts`;

/** What would end the element that a text becomes, or begin a comment in it. */
const FORBIDDEN = {
  "style.css": /<\/style/i,
  "main.ts": /<\/script|<!--/i,
};

async function built(file: keyof typeof FORBIDDEN): Promise<string> {
  const { outputFiles } = await esbuild.build({
    entryPoints: [`${ROOT}/page/${file}`],
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2023",
    charset: "utf8",
    legalComments: "none",
    lineLimit: 84,
  });
  const text = outputFiles[0]!.text.trim();
  const found = FORBIDDEN[file].exec(text)?.[0];
  if (found !== undefined) throw new Error(`page/${file}: has ${found}`);
  return text;
}

/** The module. */
async function moduleText(): Promise<string> {
  const [style, script] = [await built("style.css"), await built("main.ts")];
  await esbuild.stop();
  return `/**
 * The style and the program of the page. Made of \`page/\` by \`deno task page\`.
 *
 * @module
 */
// deno-fmt-ignore-file

/** The style. */
export const STYLE: string = ${literal(style)};

/** The program, which is an ES module. */
export const SCRIPT: string = ${literal(script)};
`;
}

/** A text as lines of source. */
function literal(text: string): string {
  const lines = text.split("\n").map((line) => `  ${JSON.stringify(line)},\n`);
  return `[\n${lines.join("")}].join("\\n")`;
}

if (import.meta.main) {
  const deno = Deno.execPath();
  const config = `${ROOT}/page/browser.json`;
  await mustRun([
    deno,
    "check",
    "--quiet",
    `--config=${config}`,
    `${ROOT}/page/main.ts`,
  ]);
  const text = await moduleText();
  if (!Deno.args.includes("--check")) {
    await Deno.writeTextFile(TARGET, text);
    console.log(`${text.length} characters`);
  } else if (await Deno.readTextFile(TARGET) !== text) {
    console.log(`${TARGET} is not what deno task page makes of page/`);
    Deno.exit(1);
  }
}
