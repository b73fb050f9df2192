/**
 * The deferred modules: which modules of this package are loaded when something of theirs
 * arrives from another process. A process starts sooner the fewer modules it has to load,
 * and few need all. Programs that import the package have most of them anyhow.
 *
 * Only the entries of the package and the child's program import this file: it refers to
 * modules that stand above all those which send and receive.
 *
 * @module
 */
import { launching } from "./link/launch.ts";
import { registerDeferred } from "./reduction/mod.ts";

/** The child entry is the file beside this one, whatever a build has made of its name. */
const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
launching.entry = new URL(`./child${extension}`, import.meta.url).href;

/** What programs import together: there is much that any two of these modules share. */
function loadStandard(): Promise<unknown> {
  return import("./standard.ts");
}

registerDeferred("queues", loadStandard);
registerDeferred("synchronize", loadStandard);
registerDeferred("connection", loadStandard);
// What is made of a socket's connection needs pickles, which most programs never see.
registerDeferred("relayed", () => import("./connection/relay.ts"));
registerDeferred("managers", () => import("./managers/deferred.ts"));
