"""The start method `forkserver`: processes are forked from a server, with what takes long to
load. Here that is a table in this very module, which each process would have to make before
its work."""

from multiprocessing import (
    Pool,
    Process,
    Queue,
    current_process,
    get_start_method,
    set_forkserver_preload,
    set_start_method,
)


def sieve(size):
    table = bytearray(2) + b"\1" * (size - 2)
    for n in range(2, int(size**0.5) + 1):
        if table[n]:
            for m in range(n * n, size, n):
                table[m] = 0
    return table


TABLE = sieve(1_000_000)


def count(limits):
    start, end = limits
    return sum(TABLE[start:end])


def tell(q):
    q.put(f"{current_process().name}: {count((0, len(TABLE)))} primes")


if __name__ == "__main__":
    set_start_method("forkserver")
    set_forkserver_preload(["__main__"])
    print(get_start_method())
    q = Queue()
    for _ in range(3):
        p = Process(target=tell, args=(q,))
        p.start()
        print(q.get())
        p.join()
    with Pool(2) as pool:
        ranges = [(0, 10), (10, 100), (100, 1000), (1000, 10000)]
        print(pool.map(count, ranges))
