import { test } from "node:test";
import { register } from "./cells.js";
import * as work from "./work_typed.ts";

register(test, work);
