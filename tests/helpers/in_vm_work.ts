/** What processes of `children/in_vm_program.ts` run: it says its names itself. */
import { exported } from "../../mod.ts";
import { owned, relay } from "./values_work.ts";

exported(import.meta, { owned, relay });

export { owned, relay };
