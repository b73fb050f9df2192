"""What a pool's methods give: a list, results as they come, one result later on, or
nothing in time."""

import os
import time
from multiprocessing import Pool, TimeoutError, set_start_method


def f(x):
    return x * x


if __name__ == "__main__":
    set_start_method("spawn")
    numbers = list(range(10))
    with Pool(processes=4) as pool:
        print(*pool.map(f, numbers))

        total = 0  # the order of these is chance
        for square in pool.imap_unordered(f, numbers):
            total += square
        print("their sum:", total)

        later = pool.apply_async(f, (20,))
        print(later.get(timeout=40))

        who = pool.apply_async(os.getpid)
        print("another process:", who.get(timeout=40) != os.getpid())

        several = [pool.apply_async(os.getpid) for _ in range(4)]
        pids = [result.get(timeout=40) for result in several]
        print("answers:", len(pids))

        late = pool.apply_async(time.sleep, (10,))
        try:
            print(late.get(timeout=0.1))
        except TimeoutError:
            print("no answer in time")
        print("the pool goes on:", pool.apply(f, (3,)))
    print("the pool is gone, and with it the task that was late")
