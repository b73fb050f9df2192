/* @ts-self-types="./mod.d.ts" */
/** Stands for `jsr:@std/async` where JSR cannot be reached; see `deno.json`, `links`. */
export { abortable } from "deno-std/async/abortable.js";
export { deadline } from "deno-std/async/deadline.js";
export { delay } from "deno-std/async/delay.js";
