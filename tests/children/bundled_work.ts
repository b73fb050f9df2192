// A module that bundlers put into the program's file.
import { exported } from "../../mod.ts";

export function square(x: number): number {
  return x * x;
}

exported(import.meta, { square });
