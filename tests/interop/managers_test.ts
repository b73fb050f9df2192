/**
 * Connections and managers with real CPython at the other end, in both roles, with every
 * version of it that is on this machine.
 */
import { deepStrictEqual, ok, rejects, strictEqual } from "node:assert/strict";
import { Client, Listener } from "../../src/connection.ts";
import { ListProxy, SyncManager } from "../../src/managers.ts";
import {
  type Python,
  python,
  pythonTest,
  pythonVersions,
  runPython,
  spared,
} from "../helpers/python.ts";
import { ManagedQueue } from "../../src/managers/types/queue.ts";
import { stdoutOf } from "../helpers/run.ts";
import { startPython } from "./python_server.ts";
import { LEAKING } from "../helpers/groups.ts";
import { test } from "../suite.ts";

const AUTHKEY = new TextEncoder().encode("abracadabra");

/** Where there is none, each test is there all the same, and says that it is skipped. */
const VERSIONS: (Python | undefined)[] = python === undefined
  ? [undefined]
  : pythonVersions();

function eachPython(name: string, fn: (python: Python) => Promise<void>): void {
  for (const one of VERSIONS) {
    const options = { ...LEAKING, skip: spared(one) };
    pythonTest(`${name} (CPython ${one?.version})`, () => fn(one!), options);
  }
}

const CLIENT = `
import sys, json
from multiprocessing.connection import Client
host, port = json.loads(sys.argv[1])
c = Client((host, port), authkey=b"abracadabra")
c.send([1, "two", None, {"a": 2.5, 3: (4,)}, b"five", 10**30])
assert c.recv() == {"reply": [True, [], "\\u20ac"]}
c.send_bytes(b"bytes")
assert c.recv_bytes() == b"back"
c.close()
try:
    Client((host, port), authkey=b"wrong")
except Exception as error:
    print(type(error).__name__, error)
`;

eachPython("a CPython client of our Listener", async (python) => {
  const listener = await Listener(["127.0.0.1", 0], { authkey: AUTHKEY });
  const program = runPython(CLIENT, [JSON.stringify(listener.address)], { python });
  const connection = await listener.accept();
  const map = new Map<unknown, unknown>([["a", 2.5], [3, [4]]]);
  const bytes = new TextEncoder().encode("five");
  deepStrictEqual(await connection.recv(), [1, "two", null, map, bytes, 10n ** 30n]);
  await connection.send({ reply: [true, [], "\u20ac"] });
  strictEqual(new TextDecoder().decode(await connection.recv_bytes()), "bytes");
  await connection.send_bytes(new TextEncoder().encode("back"));
  await rejects(connection.recv(), { name: "EOFError" });
  await rejects(listener.accept(), {
    name: "AuthenticationError",
    message: "digest received was wrong",
  });
  const { stdout, stderr, code } = await program;
  deepStrictEqual({ stdout, stderr, code }, {
    stdout: "AuthenticationError digest sent was rejected\n",
    stderr: "",
    code: 0,
  });
  connection.close();
  listener.close();
});

const LISTENER = `
from multiprocessing.connection import Listener
with Listener(("127.0.0.1", 0), authkey=b"abracadabra") as l:
    print(l.address[1], flush=True)
    with l.accept() as c:
        c.send(["got", c.recv()])
        c.send_bytes(c.recv_bytes())
`;

eachPython("our Client of a CPython Listener", async (python) => {
  const server = startPython(LISTENER, python);
  const port = Number(await server.line());
  const connection = await Client(["127.0.0.1", port], {
    authkey: AUTHKEY,
    codec: "pickle",
  });
  await connection.send({ x: [1, null, "\u20ac"] });
  deepStrictEqual(await connection.recv(), ["got", { x: [1, null, "\u20ac"] }]);
  await connection.send_bytes(Uint8Array.of(1, 2, 3));
  deepStrictEqual([...await connection.recv_bytes()], [1, 2, 3]);
  connection.close();
  strictEqual(await server.ended, 0);
});

const SERVER = `
import queue
from multiprocessing.managers import BaseManager, SyncManager
q = queue.Queue()
class QueueManager(SyncManager): pass
QueueManager.register("get_queue", callable=lambda: q)
answers = queue.Queue()
QueueManager.register("get_answers", callable=lambda: answers)
m = QueueManager(address=("127.0.0.1", 0), authkey=b"abracadabra")
s = m.get_server()
print(s.address[1], flush=True)
import threading
def stop():
    assert q.get() == ["from TypeScript", {"n": 1}]
    answers.put("hello")
threading.Thread(target=stop, daemon=True).start()
s.serve_forever()
`;

eachPython("our program uses the queue of a CPython manager", async (python) => {
  const server = startPython(SERVER, python);
  const port = Number(await server.line());
  class QueueManager extends SyncManager {}
  QueueManager.register("get_queue");
  QueueManager.register("get_answers");
  const address = ["127.0.0.1", port] as const;
  const manager = new QueueManager({ address, authkey: AUTHKEY });
  await manager.connect();
  const queue = await manager.get_queue();
  await queue.put(["from TypeScript", { n: 1 }]);
  strictEqual(await (await manager.get_answers()).get({ timeout: 10 }), "hello");
  await rejects(queue.get({ timeout: 0.01 }), { name: "Empty" });
  await rejects(queue._callmethod("nope"), { name: "RemoteError" });

  const list = await manager.list([1, 2]);
  await list.append({ a: [null] });
  deepStrictEqual(await list._getvalue(), [1, 2, { a: [null] }]);
  strictEqual(await list.__str__(), "[1, 2, {'a': [None]}]");
  await rejects(list.__getitem__(9), {
    name: "IndexError",
    message: "list index out of range",
  });
  const numbers = await manager.list([2, 3, 1]);
  await numbers.sort();
  deepStrictEqual(await numbers._getvalue(), [1, 2, 3]);
  await numbers.sort({ reverse: true });
  deepStrictEqual(await numbers._getvalue(), [3, 2, 1]);
  await rejects(numbers._callmethod("append"), { name: "TypeError" });
  const dict = await manager.dict({ k: 1 });
  dict.l = list;
  const inner = await dict.l;
  ok(inner instanceof ListProxy);
  await inner.append(4);
  strictEqual(await list.__len__(), 4);
  const keys = [];
  for await (const key of dict) keys.push(key);
  deepStrictEqual(keys, ["k", "l"]);
  const namespace = await manager.Namespace({ x: 1 });
  namespace.y = "z";
  strictEqual(await namespace.__str__(), "Namespace(x=1, y='z')");
  const wrong = new QueueManager({ address, authkey: new Uint8Array(2) });
  await rejects(wrong.connect(), { name: "AuthenticationError" });
  server.kill();
  await server.ended;
  await rejects(queue.get());
});

const USER = `
import sys, json, multiprocessing
from multiprocessing.managers import SyncManager
multiprocessing.current_process().authkey = b"abracadabra"
host, port = json.loads(sys.argv[1])
class M(SyncManager): pass
for name in ("get_queue", "get_list", "get_dict"):
    M.register(name, proxytype=getattr(__import__("multiprocessing.managers").managers, {
        "get_queue": "AutoProxy", "get_list": "ListProxy", "get_dict": "DictProxy"}[name]))
m = M(address=(host, port), authkey=b"abracadabra")
m.connect()
q = m.get_queue()
assert q.get() == ["from TypeScript", {"n": 1}], "queue"
q.put(("from Python", 2.5))
l = m.get_list()
l.append({"x": None})
assert l[0] == 1 and len(l) == 2 and l[:] == [1, {"x": None}], "list"
assert str(l) == "[1, {'x': None}]", str(l)
d = m.get_dict()
d["k"] = [1, 2]
assert d["k"] == [1, 2] and sorted(d.keys()) == ["a", "k"], "dict"
assert [k for k in d] == ["a", "k"], "iteration"
try:
    d["nope"]
except KeyError as error:
    assert error.args == ("nope",)
own = m.list([1, 2, 3])
own.reverse()
d["own"] = own
assert d["own"][0] == 3, "nested"
lock = m.RLock()
with lock:
    pass
import queue
try:
    q.get(timeout=0.01); q.get(block=False)
except queue.Empty:
    print("empty")
try:
    l._callmethod("nope")
except Exception as error:
    print(type(error).__name__)
`;

eachPython(
  "a CPython program uses queue, list and dict of our manager",
  async (python) => {
    const { queue, list, dict } = makeShared();
    class Manager extends SyncManager {}
    Manager.register("get_queue", { callable: () => queue });
    Manager.register("get_list", { callable: () => list, proxytype: ListProxy });
    Manager.register("get_dict", {
      callable: () => dict,
      exposed: DICT,
      method_to_typeid: { __iter__: "Iterator" },
    });
    const manager = new Manager({ address: ["127.0.0.1", 0], authkey: AUTHKEY });
    const server = await manager.get_server();
    const served = server.serve_forever();
    await queue.put(["from TypeScript", { n: 1 }]);
    const user = await runPython(USER, [JSON.stringify(server.address)], { python });
    strictEqual(stdoutOf(user), "empty\nRemoteError\n");
    deepStrictEqual(list, [1, { x: null }]);
    server.stop();
    await served;
  },
);

const DICT = [
  ..."__contains__ __delitem__ __getitem__ __len__ __setitem__ clear copy".split(" "),
  ..."get items keys pop popitem setdefault update values".split(" "),
];

test("our own managers answer a second program of ours by AF_INET", async () => {
  const manager = new SyncManager({ address: ["127.0.0.1", 0], authkey: AUTHKEY });
  await manager.start();
  class Other extends SyncManager {}
  const other = new Other({ address: manager.address, authkey: AUTHKEY });
  await other.connect();
  const list = await other.list([1]);
  strictEqual(await manager._number_of_objects(), 1);
  strictEqual(await list.__len__(), 1);
  await manager.shutdown();
  await rejects(list.__len__());
}, LEAKING);

function makeShared() {
  const list: unknown[] = [1];
  const dict = new Map<unknown, unknown>([["a", 1]]);
  return { queue: new ManagedQueue(), list, dict };
}
