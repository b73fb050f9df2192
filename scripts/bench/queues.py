"""The cases of processes and queues in Python, by the start method `spawn`.

Calls cannot be in flight here: those cases of queues.ts are compared with the same
figures as the ones that wait for every call.
"""
import multiprocessing
import os
import time

from report import report

ITEMS = 200_000
TAKERS = 4
SHARED_ITEMS = 50_000
TURNS = 3_000
STARTS = 10


def produce(q, n):
    q.put(-1)
    for i in range(n):
        q.put(i)


def consume(q, done, n):
    done.put(-1)
    q.get()
    start = time.perf_counter()
    for _ in range(n):
        q.get()
    done.put(time.perf_counter() - start)


def echo(q, back, n):
    back.put(-1)
    for _ in range(n):
        back.put(q.get())


def nothing():
    pass


def child_to_root(mp):
    q = mp.Queue()
    p = mp.Process(target=produce, args=(q, ITEMS))
    p.start()
    q.get()
    start = time.perf_counter()
    for _ in range(ITEMS):
        q.get()
    took = time.perf_counter() - start
    p.join()
    return ITEMS / took


def root_to_child(mp):
    q, done = mp.Queue(), mp.Queue()
    c = mp.Process(target=consume, args=(q, done, ITEMS))
    c.start()
    done.get()
    produce(q, ITEMS)
    took = done.get()
    c.join()
    return ITEMS / took


def child_to_child(mp):
    q, done = mp.Queue(), mp.Queue()
    c = mp.Process(target=consume, args=(q, done, ITEMS))
    p = mp.Process(target=produce, args=(q, ITEMS))
    c.start()
    done.get()
    p.start()
    took = done.get()
    p.join()
    c.join()
    return ITEMS / took


def take_share(q, done):
    done.put(-1)
    count = 0
    while q.get() >= 0:
        count += 1
    done.put(count)


def root_to_four(mp):
    q, done = mp.Queue(), mp.Queue()
    takers = [mp.Process(target=take_share, args=(q, done)) for _ in range(TAKERS)]
    for taker in takers:
        taker.start()
    for _ in takers:
        done.get()
    start = time.perf_counter()
    for i in range(SHARED_ITEMS):
        q.put(i)
    for _ in takers:
        q.put(-1)
    for _ in takers:
        done.get()
    took = time.perf_counter() - start
    for taker in takers:
        taker.join()
    return SHARED_ITEMS / took


def round_trip(mp):
    q, back = mp.Queue(), mp.Queue()
    p = mp.Process(target=echo, args=(q, back, TURNS))
    p.start()
    back.get()
    start = time.perf_counter()
    for i in range(TURNS):
        q.put(i)
        back.get()
    took = time.perf_counter() - start
    p.join()
    return TURNS / took


def start_and_join(mp):
    start = time.perf_counter()
    for _ in range(STARTS):
        p = mp.Process(target=nothing)
        p.start()
        p.join()
    return STARTS / (time.perf_counter() - start)


def idle(ready, over):
    ready.put(-1)
    over.get()


def idle_memory(mp):
    ready, over = mp.Queue(), mp.Queue()
    p = mp.Process(target=idle, args=(ready, over))
    p.start()
    ready.get()
    with open(f"/proc/{p.pid}/status") as status:
        kilobytes = next(line.split()[1] for line in status if line.startswith("VmRSS:"))
    over.put(-1)
    p.join()
    return int(kilobytes) * 1024 / 1e6


def main():
    mp = multiprocessing.get_context("spawn")
    memory = {"idleMemory": lambda: idle_memory(mp)}
    report(
        {
            "childToRoot": lambda: child_to_root(mp),
            "rootToChild": lambda: root_to_child(mp),
            "childToChild": lambda: child_to_child(mp),
            "rootToFour": lambda: root_to_four(mp),
            "roundTrip": lambda: round_trip(mp),
            "startAndJoin": lambda: start_and_join(mp),
            **(memory if os.path.exists("/proc/self/status") else {}),
        }
    )


if __name__ == "__main__":
    main()
