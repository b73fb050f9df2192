/** A module that enters the evaluation by what it imports. */
import "./evaluated_entering.ts";
import { call } from "./evaluated_later.ts";

export { call };
export const later: Promise<string[]> = call();
