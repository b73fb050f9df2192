export function deep() { return "deep" }
