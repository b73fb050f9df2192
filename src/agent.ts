/**
 * A program that runs processes on its machine for programs on others, which start them by
 * `get_context("redis", …).Process`. Run it on each host; `--help` tells its options:
 *
 * ```sh
 * npx @pystd/multiprocessing agent redis://server --processes 8 --modules ./work.js --where gpu
 * deno run -A jsr:@pystd/multiprocessing/agent redis://server --processes 8
 * ```
 *
 * An entry of its own, so that other programs load nothing of it.
 *
 * @module
 */
import "./link/root.ts";
import "./startup/child_mode.ts";
import { is_main } from "./context/machine.ts";
import { main } from "./redis/agent/main.ts";
import { runtime } from "./runtime/mod.ts";

export { main };

if (is_main(import.meta)) {
  void main(runtime.args()).then((code) => runtime.exit(code));
}
