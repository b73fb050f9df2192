import { canMap } from "../../src/runtime/mapping/mod.ts";
import { turnAllOn } from "../helpers/switches.ts";
import { addGenerated } from "./cases.ts";

turnAllOn();
canMap(); // Deno counts the library that this opens as a leak of the test that does it
addGenerated();
