/**
 * Shortens the names of what functions have inside and of private members, by terser, as
 * esbuild can only shorten all: names of functions and classes, which errors and stacks
 * show, stay.
 *
 * @module
 */
import { minify } from "terser";

/** So long is a line at most: Node prints the whole line in which an error was thrown. */
const LINE = 120;

/** The same code with shorter names for parameters and variables of functions. */
export async function shorten(code: string): Promise<string> {
  const { code: short } = await minify(code, {
    ecma: 2020,
    // Names at the top level are those of classes and functions too.
    module: false,
    toplevel: false,
    compress: false,
    mangle: { keep_classnames: true, keep_fnames: true },
    format: { ascii_only: true, max_line_len: LINE },
  });
  return short!;
}
