/** Tests of `BufferWrapper` where nothing maps memory. */
import { assumeSwitches } from "../../src/runtime/switches.ts";
import { addBufferCases } from "./buffer_cases.ts";

assumeSwitches(["mapping"]);
addBufferCases("unmapped");
