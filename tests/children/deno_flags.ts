// Prints the flags that a child would be given; after giving up the network, if told so.
import { flagsFor } from "../../src/runtime/permissions/deno_flags.ts";
import { denoPermissions } from "../../src/runtime/permissions/deno.ts";

if (Deno.args[0] === "revoke") await Deno.permissions.revoke({ name: "net" });
console.log(JSON.stringify(flagsFor(denoPermissions.held(), import.meta.url)));
