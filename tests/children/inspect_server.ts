/** Starts the server of the page and ends, or says why it cannot be started. */
import { startServer } from "../../src/inspect/server.ts";

try {
  await startServer({ snapshot: () => Promise.reject(new TypeError("nobody asks")) });
  console.log("listens");
} catch (error) {
  console.log(String(error));
}
