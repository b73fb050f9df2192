export function helper(): string { return "h"; }
export class Point { y = 2; toString() { return `P2(${this.y})`; } }
export default () => "dd";
export { deep } from "./deep.ts";
export function makeAnon() { return function anon() { return 1; }; }
