"""One result at a time: `get` and `next`, with and without a limit."""

import time
from multiprocessing import Pool, TimeoutError, set_start_method


def f(x):
    return x * x


if __name__ == "__main__":
    set_start_method("spawn")
    with Pool(processes=4) as pool:
        numbers = list(range(10))

        result = pool.apply_async(f, (10,))
        print(result.get(timeout=40))

        print(*pool.map(f, numbers))

        it = pool.imap(f, numbers)
        print(next(it))
        print(next(it))
        print(it.next(timeout=40))

        late = pool.apply_async(time.sleep, (10,))
        try:
            late.get(timeout=0.1)
        except TimeoutError as error:
            print(type(error).__name__, isinstance(error, TimeoutError))
