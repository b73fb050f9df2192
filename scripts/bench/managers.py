"""The cases of managers and sockets in Python; see managers.ts."""
import multiprocessing
from multiprocessing.connection import Client, Listener

from report import rate, report

CALLS = 10_000
MESSAGES = 50_000


def echo(address):
    with Client(address, authkey=b"key") as connection:
        while (message := connection.recv()) != "end":
            if message is not None:
                connection.send(message)
                continue
            count = 0
            while len(connection.recv_bytes()) > 1:
                count += 1
            connection.send(count)


def managed(manager):
    d = manager.dict(key=0)
    l = manager.list()
    q = manager.Queue()

    def dict_set():
        for i in range(CALLS):
            d["key"] = i

    def dict_get():
        for _ in range(CALLS):
            d["key"]

    def list_append():
        for i in range(CALLS):
            l.append(i)

    def managed_queue():
        for i in range(CALLS // 2):
            q.put(i)
            q.get()

    return {
        "dictSet": lambda: rate(CALLS, dict_set),
        "dictGet": lambda: rate(CALLS, dict_get),
        "listAppend": lambda: rate(CALLS, list_append),
        "managedQueue": lambda: rate(CALLS, managed_queue),
    }


def connected(connection):
    data = bytes(100)

    def round_trip():
        for _ in range(CALLS):
            connection.send("x")
            connection.recv()

    def throughput():
        connection.send(None)
        for _ in range(MESSAGES):
            connection.send_bytes(data)
        connection.send_bytes(b"x")
        connection.recv()

    return {
        "socketRoundTrip": lambda: rate(CALLS, round_trip),
        "socketThroughput": lambda: rate(MESSAGES, throughput),
    }


def main():
    multiprocessing.set_start_method("spawn")
    with multiprocessing.Manager() as manager, Listener(authkey=b"key") as listener:
        child = multiprocessing.Process(target=echo, args=(listener.address,))
        child.start()
        with listener.accept() as connection:
            report({**managed(manager), **connected(connection)})
            connection.send("end")
            child.join()


if __name__ == "__main__":
    main()
