"""Pools in Python, by the start method `spawn`; see pool.ts."""
import multiprocessing
import time

from report import rate, report

CALLS = 10_000
BURST = 10_000
ELEMENTS = 100_000
MAPS = 20
MIXED = 1_000
LARGE_CALLS = 200
LARGE = 1_000_000
POOLS = 5

elements = range(ELEMENTS)
large = b"\7" * LARGE


def square(x):
    return x * x


def same(data):
    return data


def apply(pool):
    for i in range(CALLS):
        pool.apply(square, (i,))


def apply_async(pool):
    results = [pool.apply_async(square, (i,)) for i in range(BURST)]
    for result in results:
        result.get()


def map_all(pool):
    for _ in range(MAPS):
        pool.map(square, elements)


def imap_unordered(pool):
    for _ in pool.imap_unordered(square, elements):
        pass


def mixed_work(i):
    if i % 100 == 50:
        start = time.perf_counter()
        while time.perf_counter() - start < 0.05:
            pass
    return i


def mixed(mp, pool):
    start = time.perf_counter()
    results = [pool.apply_async(mixed_work, (i,)) for i in range(MIXED)]
    for result in results:
        result.get()
    ideal = MIXED / 100 * 0.05 / mp.cpu_count()
    return ideal / (time.perf_counter() - start)


def large_data(pool):
    for _ in range(LARGE_CALLS):
        pool.apply(same, (large,))


def first_result(mp):
    seconds = 0
    for _ in range(POOLS):
        start = time.perf_counter()
        pool = mp.Pool(mp.cpu_count())
        pool.apply(square, (3,))
        seconds += time.perf_counter() - start
        pool.terminate()
        pool.join()
    return POOLS / seconds


def main():
    mp = multiprocessing.get_context("spawn")
    with mp.Pool(mp.cpu_count()) as pool:
        pool.map(square, elements)
        report({
            "poolApply": lambda: rate(CALLS, lambda: apply(pool)),
            "poolApplyAsync": lambda: rate(BURST, lambda: apply_async(pool)),
            "poolMap": lambda: rate(MAPS * ELEMENTS, lambda: map_all(pool)),
            "poolMapSingly": lambda: rate(ELEMENTS, lambda: pool.map(square, elements, 1)),
            "poolImapUnordered": lambda: rate(ELEMENTS, lambda: imap_unordered(pool)),
            "poolMixed": lambda: mixed(mp, pool),
            "poolLarge": lambda: rate(LARGE_CALLS, lambda: large_data(pool)),
            "poolFirstResult": lambda: first_result(mp),
        })


if __name__ == "__main__":
    main()
