/**
 * The programs of `examples/` that share memory, and what they print.
 *
 * @module
 */
import type { Example } from "./support.ts";

/** Names of segments are chosen by chance. */
function maskNames(text: string): string {
  return text.replace(/psm_[0-9a-f]{8}/g, "psm_N");
}

/** All of them print their lines in this order. */
const PROGRAMS: Omit<Example, "ordered">[] = [
  { name: "doc_atomic_increment", lines: ["<Synchronized wrapper for c_int(42)>"] },
  {
    name: "doc_shareable_list",
    lines: [
      "-273.154",
      "-78.5",
      "dry ice",
      "ValueError: bytes/str item exceeds available storage",
      "dry ice",
      "7",
      "6",
      "0 1",
    ],
  },
  {
    name: "doc_shareable_list_by_name",
    mask: maskNames,
    lines: ["ShareableList([0,1,2,3,4],name=psm_N)", "-999"],
  },
  { name: "doc_shared_array", lines: ["1 1 2 3 5 8", "1 1 2 3 5 888"] },
  { name: "doc_shared_list_halves", lines: ["2664667000"] },
  { name: "doc_shared_memory", lines: ["10", "22 33 44 55 100", "howdy"] },
  {
    name: "doc_shared_memory_manager",
    mask: maskNames,
    lines: [
      "ShareableList([0,1,2,3],name=psm_N)",
      "SharedMemory(psm_N,size=128)",
      "ShareableList([a,l,p,h,a],name=psm_N)",
      "FileNotFoundError",
    ],
  },
  {
    name: "doc_sharedctypes",
    lines: [
      "49",
      "0.1111111111111111",
      "HELLO WORLD",
      "x=3.515625 y=39.062500",
      "x=33.062500 y=4.000000",
      "x=5.640625 y=90.250000",
    ],
  },
  { name: "doc_value_array", lines: ["3.1415927", "0 -1 -2 -3 -4 -5 -6 -7 -8 -9"] },
  {
    name: "matrix_bands",
    lines: [
      "first row: 36 11 -36 -39 2 21 18 -7",
      "last row: 5 7 -13 -22 -20 26 50 19",
      "as one process computes it: true",
    ],
  },
  { name: "shared_counter", lines: ["800"] },
];

/** The list. */
export const SHARED: readonly Example[] = PROGRAMS.map((program) => ({
  ...program,
  ordered: true,
}));
