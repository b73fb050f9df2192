/**
 * A program that runs processes on its machine for programs on others, which start them by
 * `get_context("redis", …).Process`. Run it on each host; `--help` tells its options:
 *
 * ```sh
 * npx @pystd/multiprocessing agent redis://server --processes 8 --modules ./work.js --where gpu
 * deno run -A jsr:@pystd/multiprocessing/agent redis://server --processes 8
 * ```
 *
 * @module
 */
import "../../deferred.ts";
import "../../link/root.ts";
import { is_main } from "../../context.ts";
import { main } from "./main.ts";
import { runtime } from "../../runtime/mod.ts";

if (is_main(import.meta)) {
  const [first, ...rest] = runtime.args();
  runtime.exit(await main(first === "agent" ? rest : runtime.args()));
}
