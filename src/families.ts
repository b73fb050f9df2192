/**
 * Which files of this package are loaded when something of theirs arrives from another
 * process: a process starts sooner the fewer files it has to load, and few need all.
 * Programs that import the package have most of them anyhow.
 *
 * @module
 */
import { registerFamily } from "./reduction.ts";

/** All that programs import at once: there is much that any two of them share. */
function loadStandard(): Promise<unknown> {
  return import("../mod.ts");
}

registerFamily("queues", loadStandard);
registerFamily("synchronize", loadStandard);
registerFamily("connection", loadStandard);
// What is made of a socket's connection needs pickles, which most programs never see.
registerFamily("relayed", () => import("./connection/relay.ts"));
registerFamily("managers", () => import("./managers/parts.ts"));
