import { Client, Listener, wait } from "../src/connection.ts";
import { spawn } from "node:child_process";
import process from "node:process";
const key = new TextEncoder().encode("secret");
for (const address of [["127.0.0.1", 0] as const, null]) {
  const l = await Listener(address, { authkey: key });
  const py = spawn("python3", ["-c", `
import sys, ast
from multiprocessing.connection import Client
a = ast.literal_eval(sys.argv[1])
c = Client(a, authkey=b'secret')
c.send([1, 'hello', None, {'a': 2.5, 3: (1,2)}])
print('py got', c.recv())
c.send_bytes(b'bytes')
print('py got', c.recv_bytes())
c.close()
try:
    Client(a, authkey=b'wrong')
except Exception as e: print(type(e).__name__, e)
`, JSON.stringify(l.address)], { stdio: "inherit", env: {...process.env, PYENV_VERSION: process.argv[2] ?? "3.11.7"} });
  const c = await l.accept();
  console.log("last", l.last_accepted, await c.recv());
  await c.send({ reply: [true, 10n**30n] });
  console.log(new TextDecoder().decode(await c.recv_bytes()));
  await c.send_bytes(new Uint8Array([1,2]));
  console.log(await c.poll(5)); await c.recv().catch((e: Error)=>console.log(e.name));
  await l.accept().catch((e: Error)=>console.log(e.name, e.message));
  await new Promise((r)=>py.on("exit", r));
  // self
  const [s, k] = await Promise.all([l.accept(), Client(l.address, { authkey: key })]);
  const t = performance.now(); const N=3000;
  (async()=>{for(let i=0;i<N;i++) await s.send(await s.recv());})();
  for(let i=0;i<N;i++) { await k.send("x"); await k.recv(); }
  console.log("round trips/s", N/(performance.now()-t)*1000|0);
  const big = new Uint8Array(5e6); const r = s.recv_bytes(); await k.send_bytes(big); console.log((await r).length);
  s.close(); await k.recv().catch((e: Error)=>console.log(e.name)); k.close(); l.close();
  await l.accept().catch((e: Error)=>console.log(e.name, e.message));
}
const py = spawn("python3", ["-c", `
from multiprocessing.connection import Listener
l = Listener(('127.0.0.1', 0), authkey=b'secret')
print(l.address[1], flush=True)
c = l.accept()
print('py', c.recv()); c.send(['ok', {'x': 1}]); c.close(); l.close()
`], { stdio: ["ignore","pipe","inherit"], env: {...process.env, PYENV_VERSION: process.argv[2] ?? "3.11.7"} });
const port = await new Promise<number>((r)=>py.stdout.once("data",(d)=>r(Number(String(d)))));
py.stdout.pipe(process.stdout);
const c = await Client(["127.0.0.1", port], { authkey: key, codec: "pickle" });
await c.send({ a: [1, 2.5, "x", null] }); console.log(await c.recv()); c.close();
await Client("/nope").catch((e: Error)=>console.log(e.name, e.message));
await Client(["127.0.0.1",1]).catch((e: Error)=>console.log(e.name, e.message));
await Listener("\\\\.\\pipe\\x").catch((e: Error)=>console.log(e.name, e.message));
