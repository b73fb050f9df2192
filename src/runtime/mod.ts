/** Picks the adapter of the runtime we are in, once. @module */
import "./versions.ts";
import { bun } from "./bun.ts";
import { deno } from "./deno.ts";
import { node } from "./node.ts";
import type { Runtime } from "./types.ts";
export type { Child, Location, Runtime, SignalName, SpawnOptions } from "./types.ts";
export {
  checkGrants,
  type GrantKind,
  type Grants,
  isWhole,
  KINDS,
  meet,
  type Wanted,
} from "./permissions/grants.ts";
export { fileUrl, pathOf } from "./paths.ts";
export { endSignals, pipeBuffer, signalName, signalNumber } from "./posix.ts";

/** The runtime this process runs on. */
export const runtime: Runtime = "Deno" in globalThis
  ? deno
  : "Bun" in globalThis
  ? bun
  : node;
