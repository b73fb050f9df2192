/** Tests of src/heap.ts with memory mapped, where the runtime can. */
import { addBufferCases } from "./sharedctypes/buffer_cases.ts";

addBufferCases("as the runtime can");
