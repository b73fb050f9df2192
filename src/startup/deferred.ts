/**
 * The deferred modules of this package: they are loaded when the first of their objects
 * arrives from another process. A process starts sooner the fewer modules it loads, and few
 * processes need all. Programs that import the package have loaded most of them.
 *
 * Only the entries of the package and the child's program import this file: it imports
 * modules of layers above those that send and receive.
 *
 * @module
 */
import { launching } from "../link/launch.ts";
import { setObserveLoader } from "../link/observed.ts";
import { setRequestsLoader } from "../link/watched.ts";
import { registerDeferred } from "../reduction/mod.ts";
import { SOURCES } from "../runtime/own_program.ts";

/** The child entry is the file beside this one, with the extension that a build gave it. */
if (SOURCES !== undefined) {
  const extension = import.meta.url.slice(import.meta.url.lastIndexOf("."));
  launching.entry = new URL(`./child${extension}`, import.meta.url).href;
}

/** Loads several modules together, as they share most of their imports. */
function loadStandard(): Promise<unknown> {
  return import("./standard.ts");
}

setRequestsLoader(() => import("../inspect/requests.ts"));
setObserveLoader(async () => (await import("../inspect/observer.ts")).observe);

registerDeferred("queues", loadStandard);
registerDeferred("synchronize", loadStandard);
registerDeferred("connection", loadStandard);
registerDeferred("sharedctypes", loadStandard);
// Relayed connections need the pickle modules, which most programs never use.
registerDeferred("relayed", () => import("../connection/relay.ts"));
registerDeferred("heap", () => import("../sharedctypes/buffer_wrapper.ts"));
registerDeferred("shared_memory", () => import("../shared_memory/shareable_list.ts"));
registerDeferred("multiprocessing", () => import("./public_names.ts"));
registerDeferred("managers", () => import("../managers/deferred.ts"));
registerDeferred("redis", () => import("../redis/mod.ts"));
