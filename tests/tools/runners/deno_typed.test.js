const test = (name, fn) => Deno.test(name, fn);
import { register } from "./cells.js";
import * as work from "./work_typed.ts";

register(test, work, undefined, "typed ");
