"""Four workers deal with ten events; the pool is closed, and its workers are waited for."""

import random
import time
from multiprocessing import Pool, set_start_method


def worker(event, loud):
    time.sleep(0.1 * random.random())
    print("dealt with %s\n" % event, end="", flush=True)
    return event.upper() if loud else event


if __name__ == "__main__":
    set_start_method("spawn")
    pool = Pool(4)
    results = []
    for i in range(10):
        result = pool.apply_async(worker, ("event %d" % i,), {"loud": i % 2 == 0})
        results.append(result)
    pool.close()
    pool.join()
    print("all events are dealt with")
    for result in results:
        print(result.get())
