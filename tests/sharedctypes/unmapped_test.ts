import { assumeSwitches } from "../../src/runtime/switches.ts";
import { addGenerated } from "./cases.ts";

assumeSwitches(["mapping"]);
addGenerated();
