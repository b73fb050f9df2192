"""The starts of processes, by each start method; see starts.ts. A pool whose idle worker is
killed hangs: that worker had the lock of the queue of tasks."""
import multiprocessing
import time

from report import show
from starts_work import echo, nothing

TIMES = 9
BURST = 20
PAUSE = 0.7


def median(figures):
    return sorted(figures)[len(figures) // 2]


def start_and_join(ctx):
    time.sleep(PAUSE)
    start = time.perf_counter()
    p = ctx.Process(target=nothing)
    p.start()
    p.join()
    return 1 / (time.perf_counter() - start)


def burst(ctx):
    time.sleep(PAUSE)
    start = time.perf_counter()
    processes = [ctx.Process(target=nothing) for _ in range(BURST)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    return BURST / (time.perf_counter() - start)


def first_result(ctx):
    time.sleep(PAUSE)
    start = time.perf_counter()
    pool = ctx.Pool(1)
    pool.apply(echo, (1,))
    took = time.perf_counter() - start
    pool.close()
    pool.join()
    return 1 / took


if __name__ == "__main__":
    multiprocessing.set_forkserver_preload(["starts_work"])
    rates = {}
    for name, method in [("Fork", "fork"), ("Forkserver", "forkserver"), ("Spawn", "spawn")]:
        ctx = multiprocessing.get_context(method)
        for case, measure in [
            ("start", start_and_join),
            ("burst", burst),
            ("firstResult", first_result),
        ]:
            measure(ctx)
            rates[case + name] = median([measure(ctx) for _ in range(TIMES)])
    show(rates)
