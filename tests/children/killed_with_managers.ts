/** Starts two managers, tells where their sockets are, and waits to be killed. */
import { is_main, Manager } from "../../mod.ts";

if (is_main(import.meta)) {
  const managers = [Manager(), Manager()];
  for (const manager of managers) await manager.list([1]);
  const [first, second] = managers.map(({ address }) => address);
  console.log(JSON.stringify([first, second]));
  await new Promise(() => setInterval(() => {}, 1000));
}
