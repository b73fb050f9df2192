/** Starts a server, asks it, keeps the connection, and has nothing else to do. */
import { serveHttp } from "../../src/runtime/http.ts";
import { connect } from "node:net";

const server = await serveHttp(
  0,
  () => Promise.resolve({ status: 200, headers: {}, body: "" }),
);
console.log("listens");
const socket = connect(server.port, "127.0.0.1");
socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
await new Promise((resolve) => socket.once("data", resolve));
console.log("answered");
socket.unref();
