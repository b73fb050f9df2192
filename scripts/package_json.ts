/**
 * What the npm package says of itself, for both ways of building it: `deno pack`, which
 * writes few of these fields, and dnt, which writes none of its own accord. The list of
 * entry points comes from `deno.json`, so that the two builds export the same.
 *
 * @module
 */
import { config } from "./project.ts";

/** Fields of `package.json` that are the same in both builds. */
export const PACKAGE_FIELDS = {
  name: config.name,
  description: config.description,
  keywords: [
    "multiprocessing",
    "python",
    "process",
    "pool",
    "queue",
    "parallel",
    "ipc",
    "worker",
    "deno",
    "bun",
    "node",
  ],
  author: "The @pystd authors",
  license: config.license,
  type: "module",
  engines: { node: "^20.16.0 || >=22.3.0" },
  // Maps shared memory on Node before 26, where it is installed.
  peerDependencies: { koffi: "^3.0.0" },
  peerDependenciesMeta: { koffi: { optional: true } },
} as const;

/** Entry points as dnt wants them. */
export const ENTRY_POINTS: { name: string; path: string }[] = Object
  .entries(config.exports)
  .map(([name, path]) => ({ name, path }));
