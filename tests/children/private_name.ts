// Prints a name for a folder of its own, and ends.
import { privateName } from "../../src/runtime/private_dir.ts";

console.log(privateName());
