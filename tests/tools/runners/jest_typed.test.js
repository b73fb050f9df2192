import { register } from "./cells.js";
import * as work from "./work_typed.ts";

describe("cells", () => register(it, work));
