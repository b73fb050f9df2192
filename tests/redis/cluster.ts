/** A cluster of three servers on the loopback, for tests. */
import { createServer } from "node:net";
import { listOf, textOf } from "../../src/redis/driver/connection.ts";
import { freePort, Server, until } from "./server.ts";

/** All slots of a cluster. */
const SLOTS = 16384;

/** A port that nobody listens at, nor at that of the cluster's bus, 10,000 above. */
async function clusterPort(): Promise<number> {
  for (;;) {
    const port = await freePort();
    if (port + 10_000 < 65_536 && await isFree(port + 10_000)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

/** Three servers, each of which has a third of the slots. */
export class Cluster {
  readonly servers: readonly Server[];

  constructor(servers: readonly Server[]) {
    this.servers = servers;
  }

  /** Starts one; resolves when all servers know all slots. */
  static async start(): Promise<Cluster> {
    const servers: Server[] = [];
    try {
      for (let i = 0; i < 3; i++) {
        const server = new Server(await clusterPort(), [
          ...["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"],
          ...["--cluster-node-timeout", "5000"],
        ]);
        servers.push(server);
        await server.start();
      }
      const [first] = servers as [Server];
      for (const [i, server] of servers.entries()) {
        const [from, to] = [i, i + 1].map((third) => Math.floor(third * SLOTS / 3));
        await server.command("CLUSTER", "ADDSLOTSRANGE", String(from), String(to! - 1));
        await server.command("CLUSTER", "SET-CONFIG-EPOCH", String(i + 1));
        await first.command("CLUSTER", "MEET", "127.0.0.1", String(server.port));
      }
      await Promise.all(servers.map((server) =>
        until(async () => {
          const info = await server.text("CLUSTER", "INFO");
          return /cluster_state:ok/.test(info) && /cluster_known_nodes:3/.test(info);
        })
      ));
      return new Cluster(servers);
    } catch (error) {
      await Promise.all(servers.map((server) => server.stop()));
      throw error;
    }
  }

  /** Ends it for good. */
  async stop(): Promise<void> {
    for (const server of this.servers) await server.shutdown().catch(() => {});
    await Promise.all(this.servers.map((server) => server.stop()));
  }

  /** All keys, by servers. */
  keys(): Promise<string[][]> {
    return Promise.all(this.servers.map((server) => server.keys()));
  }

  /** The servers with the one that has a key first. */
  async ownerFirst(key: string): Promise<Server[]> {
    const [server] = this.servers as [Server];
    const slot = await server.command("CLUSTER", "KEYSLOT", key) as number;
    const ranges = listOf(await server.command("CLUSTER", "SLOTS")).map(listOf);
    const [, , node] = ranges.find(([from, to]) => +from! <= slot && slot <= +to!)!;
    const owner = this.servers.find(({ port }) => port === listOf(node)[1])!;
    return [owner, ...this.servers.filter((server) => server !== owner)];
  }

  /** Gives the slot of a key, with its keys, to another server. */
  async move(key: string, to: Server): Promise<void> {
    const [from] = await this.ownerFirst(key) as [Server];
    const slot = await from.text("CLUSTER", "KEYSLOT", key);
    const [mine, theirs] = [
      await from.text("CLUSTER", "MYID"),
      await to.text("CLUSTER", "MYID"),
    ];
    await to.command("CLUSTER", "SETSLOT", slot, "IMPORTING", mine);
    await from.command("CLUSTER", "SETSLOT", slot, "MIGRATING", theirs);
    for (;;) {
      const keys = await from.command("CLUSTER", "GETKEYSINSLOT", slot, "100");
      const names = listOf(keys).map(textOf);
      if (names.length === 0) break;
      const target = ["127.0.0.1", String(to.port), "", "0", "5000"];
      await from.command("MIGRATE", ...target, "KEYS", ...names);
    }
    for (const server of [to, from]) {
      await server.command("CLUSTER", "SETSLOT", slot, "NODE", theirs);
    }
  }
}
