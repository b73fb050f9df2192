/**
 * Clients of clusters that users hand in: node-redis's `createCluster` and ioredis's `Cluster`.
 * Of one only its clients of single servers are used, which are copied.
 *
 * @module
 */
import { osError, RuntimeError } from "../../python/errors.ts";
import { runtime } from "../../runtime/mod.ts";

/** A client of one server: see open.ts. */
interface Member {
  duplicate(...options: never[]): unknown;
}

/** As much of node-redis's client as is used here. */
interface NodeRedisCluster {
  readonly masters: readonly object[];
  nodeClient(node: object): Promise<Member> | Member;
}

/** As much of ioredis's client as is used here. */
interface IoredisCluster {
  readonly status: string;
  nodes(role: "master"): readonly Member[];
  once(event: string, listener: () => void): unknown;
  removeListener(event: string, listener: () => void): unknown;
}

/** A client of a cluster. */
export type ClusterClient = NodeRedisCluster | IoredisCluster;

/** Milliseconds for which a client that is connecting is waited for. */
const CONNECT_TIMEOUT = 5000;

/** Whether a client is one of a cluster. */
export function isCluster(client: unknown): client is ClusterClient {
  const { nodeClient, nodes } = client as Record<string, unknown>;
  return typeof nodeClient === "function" || typeof nodes === "function";
}

/**
 * The client of one of its servers.
 *
 * @param turn Which: another one for each attempt, as one may be gone.
 * @throws {RuntimeError} if the client is not connected
 */
export async function memberOf(
  cluster: ClusterClient,
  turn: number,
): Promise<Member> {
  if ("nodeClient" in cluster) {
    const { masters } = cluster;
    if (masters.length === 0) throw notConnected();
    return await cluster.nodeClient(masters[turn % masters.length]!);
  }
  if (cluster.nodes("master").length === 0) await whenReady(cluster);
  const members = cluster.nodes("master");
  return members[turn % members.length]!;
}

function notConnected(): RuntimeError {
  return new RuntimeError("the client of the cluster is not connected");
}

async function whenReady(cluster: IoredisCluster): Promise<void> {
  if (["wait", "end", "close"].includes(cluster.status)) throw notConnected();
  await new Promise<void>((resolve, reject) => {
    const timer = runtime.setTimer(() => settle(osError("ETIMEDOUT")), CONNECT_TIMEOUT);
    const ready = () => settle(), ended = () => settle(notConnected());
    cluster.once("ready", ready);
    cluster.once("end", ended);
    function settle(error?: Error): void {
      runtime.clearTimer(timer);
      cluster.removeListener("ready", ready);
      cluster.removeListener("end", ended);
      if (error === undefined) resolve();
      else reject(error);
    }
  });
}
