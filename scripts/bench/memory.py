"""The cases about shared memory in Python, by `spawn`; see memory.ts."""
import multiprocessing
from multiprocessing.shared_memory import SharedMemory

from report import TIMES, show, warm_rate

COUNTS = 100_000
LENGTH = 1_000
ELEMENTS = 100_000
SLICES = 2_000
LARGE = 64 * 2**20
SENT = 4


def count(value, times):
    for _ in range(times):
        with value.get_lock():
            value.value += 1


def until_closed(orders):
    while True:
        try:
            yield orders.recv()
        except EOFError:
            return


def count_on_order(value, orders):
    for times in until_closed(orders):
        count(value, times)
        orders.send("done")


def counted(mp, processes):
    value = mp.Value("i", 0)
    orders, started = [], []
    for _ in range(processes):
        here, there = mp.Pipe()
        p = mp.Process(target=count_on_order, args=(value, there))
        p.start()
        there.close()
        orders.append(here)
        started.append(p)

    def once():
        for order in orders:
            order.send(COUNTS // processes)
        for order in orders:
            order.recv()

    rate = warm_rate(COUNTS, once)
    for order in orders:
        order.close()
    for p in started:
        p.join()
    assert value.value == TIMES * COUNTS
    return rate


def change(array):
    for i in range(ELEMENTS):
        array[i % LENGTH] += 1


def read(array):
    for _ in range(SLICES):
        array[0:LENGTH]


def use_array(array, results):
    results.send(warm_rate(ELEMENTS, lambda: change(array)))
    results.send(warm_rate(SLICES, lambda: read(array)))


def used_array(mp):
    results, tell = mp.Pipe(False)
    array = mp.Array("d", LENGTH)
    p = mp.Process(target=use_array, args=(array, tell))
    p.start()
    tell.close()
    rates = {"arrayElement": results.recv(), "arraySlice": results.recv()}
    p.join()
    return rates


def send_segments(orders, _):
    data = b"\7" * LARGE
    for _ in until_closed(orders):
        shm = SharedMemory(create=True, size=LARGE)
        shm.buf[:LARGE] = data
        orders.send(shm.name)
        shm.close()


def by_segment(orders, _):
    orders.send(None)
    shm = SharedMemory(orders.recv())
    data = bytes(shm.buf)
    shm.close()
    shm.unlink()
    return data


def put_bytes(orders, queue):
    data = b"\7" * LARGE
    for _ in until_closed(orders):
        queue.put(data)


def by_queue(orders, queue):
    orders.send(None)
    return queue.get()


def sent(mp, target, receive):
    queue = mp.Queue()
    orders, there = mp.Pipe()
    p = mp.Process(target=target, args=(there, queue))
    p.start()
    there.close()

    def once():
        for _ in range(SENT):
            data = receive(orders, queue)
            assert len(data) == LARGE and data[-1] == 7

    rate = warm_rate(SENT, once)
    orders.close()
    p.join()
    return rate


def main():
    mp = multiprocessing.get_context("spawn")
    show({
        "valueInChild": counted(mp, 1),
        "valueOfTwo": counted(mp, 2),
        **used_array(mp),
        "largeBySegment": sent(mp, send_segments, by_segment),
        "largeByQueue": sent(mp, put_bytes, by_queue),
    })


if __name__ == "__main__":
    main()
