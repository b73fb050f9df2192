/**
 * All scripts, which a link makes known to the server when it has connected.
 *
 * @module
 */
import * as barrier from "./barrier.ts";
import * as event from "./event.ts";
import * as lock from "./lock.ts";
import * as managerDict from "./manager_dict.ts";
import * as managerList from "./manager_list.ts";
import * as managerParts from "./manager_parts.ts";
import * as object from "./object.ts";
import * as process from "./process.ts";
import * as pool from "./pool.ts";
import * as queue from "./queue.ts";
import type { Script } from "./script.ts";
import * as session from "./session.ts";
import * as value from "./value.ts";

/** See above. */
export const SCRIPTS: readonly Script[] = [
  ...Object.values({ ...session }),
  ...Object.values({ ...object }),
  ...Object.values({ ...queue }),
  ...Object.values({ ...lock }),
  ...Object.values({ ...event }),
  ...Object.values({ ...barrier }),
  ...Object.values({ ...value }),
  ...Object.values({ ...process }),
  ...Object.values({ ...pool }),
  ...Object.values({ ...managerParts }),
  ...Object.values({ ...managerList }),
  ...Object.values({ ...managerDict }),
].filter((one) => typeof one === "object" && "source" in one) as Script[];
