import { register } from "./cells.js";
import * as work from "./work_typed.ts";

register((name, fn) => Deno.test(name, fn), work);
