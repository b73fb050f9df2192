"""The cases about locks, events and barriers in Python, by `spawn`; see synchronize.ts."""
import multiprocessing
import time

from report import TIMES, show, warm_rate

ALONE = 100_000
SECONDS = 0.5
TURNS = 2_000


def use(lock, times):
    for _ in range(times):
        lock.acquire()
        lock.release()


def use_and_tell(lock, result):
    result.send(warm_rate(ALONE, lambda: use(lock, ALONE)))


def use_on_order(lock, orders):
    while True:
        try:
            end = time.perf_counter() + orders.recv()
        except EOFError:
            return
        times = 0
        while time.perf_counter() < end:
            use(lock, 10)
            times += 10
        orders.send(times)


def answer(ping, pong, times):
    for _ in range(times):
        ping.wait()
        ping.clear()
        pong.set()


def take_turns(mine, yours, times):
    for _ in range(times):
        mine.acquire()
        yours.release()


def pass_through(barrier, times):
    for _ in range(times):
        barrier.wait()


def alone_in_root(mp):
    lock = mp.Lock()
    return warm_rate(ALONE, lambda: use(lock, ALONE))


def alone_in_child(mp):
    lock = mp.Lock()  # must live until the child has opened it
    result, tell = mp.Pipe(False)
    p = mp.Process(target=use_and_tell, args=(lock, tell))
    p.start()
    tell.close()
    rate = result.recv()
    p.join()
    return rate


def contended(mp, count):
    lock = mp.Lock()
    orders, processes = [], []
    for _ in range(count):
        here, there = mp.Pipe()
        p = mp.Process(target=use_on_order, args=(lock, there))
        p.start()
        there.close()
        orders.append(here)
        processes.append(p)

    def once():
        start = time.perf_counter()
        for order in orders:
            order.send(SECONDS)
        times = sum(order.recv() for order in orders)
        return times / (time.perf_counter() - start)

    once()
    rate = once()
    for order in orders:
        order.close()
    for p in processes:
        p.join()
    return rate


def hand_over(mp):
    here, there = mp.Semaphore(1), mp.Semaphore(0)
    times = TIMES * TURNS
    p = mp.Process(target=take_turns, args=(there, here, times))
    p.start()
    rate = warm_rate(2 * TURNS, lambda: take_turns(here, there, TURNS))
    p.join()
    return rate


def set_and_wait(mp):
    ping, pong = mp.Event(), mp.Event()
    p = mp.Process(target=answer, args=(ping, pong, TIMES * TURNS))
    p.start()

    def once():
        for _ in range(TURNS):
            ping.set()
            pong.wait()
            pong.clear()

    rate = warm_rate(2 * TURNS, once)
    p.join()
    return rate


def meet(mp):
    barrier = mp.Barrier(2)
    p = mp.Process(target=pass_through, args=(barrier, TIMES * TURNS))
    p.start()
    rate = warm_rate(TURNS, lambda: pass_through(barrier, TURNS))
    p.join()
    return rate


def main():
    mp = multiprocessing.get_context("spawn")
    results = {
        "lockInRoot": alone_in_root(mp),
        "lockInChild": alone_in_child(mp),
        "lockOfTwo": contended(mp, 2),
        "lockOfEight": contended(mp, 8),
        "handOver": hand_over(mp),
        "eventSetToWait": set_and_wait(mp),
        "barrierOfTwo": meet(mp),
    }
    show(results)


if __name__ == "__main__":
    main()
