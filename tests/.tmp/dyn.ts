export function dyn() { return "dyn" }
