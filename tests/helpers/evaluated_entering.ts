/** Does what an entry of the package does when it is loaded. */
import { beginEvaluation } from "../../src/runtime/evaluation_context.ts";

beginEvaluation();
