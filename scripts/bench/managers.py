"""The cases of managers and sockets in Python; see managers.ts."""
import json
import multiprocessing
import time
from multiprocessing.connection import Client, Listener

CALLS = 5_000
MESSAGES = 20_000
RUNS = 3


def best(count, run):
    rate = 0
    for _ in range(RUNS):
        start = time.perf_counter()
        run()
        rate = max(rate, count / (time.perf_counter() - start))
    return round(rate)


def echo(address):
    with Client(address, authkey=b"key") as connection:
        while (message := connection.recv()) is not None:
            connection.send(message)
        count = 0
        while len(connection.recv_bytes()) > 1:
            count += 1
        connection.send(count)


def main():
    multiprocessing.set_start_method("spawn")
    rates = {}
    manager = multiprocessing.Manager()
    d = manager.dict()
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

    rates["dictSet"] = rates["dictSetInFlight"] = best(CALLS, dict_set)
    rates["dictGet"] = rates["dictGetInFlight"] = best(CALLS, dict_get)
    rates["listAppend"] = best(CALLS, list_append)
    rates["managedQueue"] = best(CALLS, managed_queue)
    manager.shutdown()

    with Listener(authkey=b"key") as listener:
        child = multiprocessing.Process(target=echo, args=(listener.address,))
        child.start()
        with listener.accept() as connection:

            def round_trip():
                for _ in range(CALLS):
                    connection.send("x")
                    connection.recv()

            rates["socketRoundTrip"] = best(CALLS, round_trip)
            connection.send(None)
            start = time.perf_counter()
            data = bytes(100)
            for _ in range(MESSAGES):
                connection.send_bytes(data)
            connection.send_bytes(b"x")
            connection.recv()
            rates["socketThroughput"] = round(
                MESSAGES / (time.perf_counter() - start)
            )
        child.join()
    print(json.dumps(rates))


if __name__ == "__main__":
    main()
