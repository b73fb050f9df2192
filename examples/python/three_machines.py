"""Two workers in each of three environments count primes: see three_machines.ts, where they
may be on three machines. Python's pools have no workers on others."""

import os
from multiprocessing import get_context


def arrive(arrived):
    arrived.put(os.environ["MACHINE"])


def count_primes(start):
    count = 0
    for n in range(max(start, 2), start + 1000):
        divisor = 2
        while divisor * divisor <= n and n % divisor != 0:
            divisor += 1
        if divisor * divisor > n:
            count += 1
    return count


if __name__ == "__main__":
    ctx = get_context("spawn")
    arrived = ctx.Queue()
    pools = []
    for name in ["hut", "lake", "summit"]:
        os.environ["MACHINE"] = name
        pools.append(ctx.Pool(2, arrive, (arrived,)))
    starts = [1000 * i for i in range(30)]
    results = [pool.map_async(count_primes, starts[i::3]) for i, pool in enumerate(pools)]
    counts = [n for result in results for n in result.get()]
    machines = [arrived.get() for _ in range(6)]
    for name in sorted(set(machines)):
        print(f"{name}: {machines.count(name)} workers")
    print(f"primes below 30000: {sum(counts)}")
    for pool in pools:
        pool.terminate()
        pool.join()
