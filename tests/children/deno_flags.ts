// Prints the flags that a child would be given; after giving up the network, if told so.
import { flags } from "../../src/runtime/deno_flags.ts";

if (Deno.args[0] === "revoke") await Deno.permissions.revoke({ name: "net" });
console.log(JSON.stringify(flags()));
