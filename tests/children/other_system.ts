// Runs a manager and a listener as on the system of another name, given as argument.
import "../helpers/fake_system.ts";
import { Manager } from "../../src/managers.ts";
import { parent_process } from "../../src/process.ts";
import { Client, default_family, Listener } from "../../src/connection.ts";

// Not by `import.meta.main`, for which Node would load the package first.
if (parent_process() === null) {
  const manager = await Manager();
  const d = await manager.dict();
  await d.setdefault("a", 1);
  const listener = await Listener();
  const accepted = listener.accept();
  const client = await Client(listener.address);
  client.send([1, "ü"]);
  const server = await accepted;
  const places = [manager.address, listener.address].map((address) => typeof address);
  console.log(
    JSON.stringify([default_family, places, await d.get("a"), await server.recv()]),
  );
  for (const end of [client, server, listener]) end.close();
  await manager.shutdown();
}
