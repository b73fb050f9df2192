/** Tries to use the network, in each way, and says what comes of it. */
import process from "node:process";
import { is_main, Manager } from "../../mod.ts";
import { Client, Listener } from "../../src/connection.ts";
import { BaseManager } from "../../src/managers.ts";

const host = process.argv[2] ?? "127.0.0.1";

const WAYS: Record<string, () => Promise<unknown>> = {
  "Listener by port": () => Listener([host, 0]),
  "Listener by path": () => Listener("/tmp/pystd-no-network"),
  "Client by port": () => Client([host, 9]),
  "Client by path": () => Client("/tmp/pystd-no-network"),
  "BaseManager.get_server": () => new BaseManager({ address: [host, 0] }).get_server(),
  "BaseManager.connect": () => new BaseManager({ address: [host, 9] }).connect(),
  "BaseManager.start": async () => {
    await new BaseManager({ address: [host, 0] }).start();
  },
  "Manager": async () => await Manager().dict(),
};

async function main(): Promise<void> {
  for (const [name, way] of Object.entries(WAYS)) {
    try {
      await way();
      console.log(name, "worked");
    } catch (error) {
      const { name: kind, message } = error as Error;
      console.log(name, `${kind}: ${message.split(":")[0]}`);
    }
  }
  console.log("end");
}

if (is_main(import.meta)) void main();
