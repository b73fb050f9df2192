// Counts the bytes of its stdin as they can be read; a program that a child starts.
import process from "node:process";

let count = 0;
process.stdin.on("data", (bytes: Uint8Array) => count += bytes.length);
process.stdin.on("end", () => console.log(count));
