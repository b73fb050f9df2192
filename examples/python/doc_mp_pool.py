"""A pool in all its ways: results in order and as they come, errors, limits of time,
callbacks, the end."""

import random
import re
import time
from multiprocessing import (
    Pool,
    TimeoutError,
    current_process,
    freeze_support,
    set_start_method,
)


def work_out(func, args):
    result = func(*args)
    who = re.sub(r"\d+$", "N", current_process().name)
    return "%s says that %s%s is %s" % (who, func.__name__, args, result)


def work_out_task(task):
    return work_out(*task)


def mul(a, b):
    time.sleep(0.02 * random.random())
    return a * b


def plus(a, b):
    time.sleep(0.02 * random.random())
    return a + b


def f(x):
    return 1 / (x - 5)


def pow3(x):
    return x**3


def noop(x):
    pass


def main():
    workers = 4
    print("a pool of", workers)
    with Pool(workers) as pool:
        print(pool)

        products = [(mul, (i, 7)) for i in range(10)]
        sums = [(plus, (i, 8)) for i in range(10)]
        tasks = products + sums

        results = [pool.apply_async(work_out, task) for task in tasks]
        in_order = pool.imap(work_out_task, tasks)
        as_they_come = pool.imap_unordered(work_out_task, tasks)

        print("by apply_async:")
        for result in results:
            print("  ", result.get())
        print("by imap:")
        for text in in_order:
            print("  ", text)
        print("by imap_unordered, sorted:")
        for text in sorted(as_they_come):
            print("  ", text)
        print("by map, which waits for all:")
        for text in pool.map(work_out_task, tasks):
            print("  ", text)

        print("errors:")
        try:
            print(pool.apply(f, (5,)))
        except ZeroDivisionError:
            print("   apply raises ZeroDivisionError")
        ten = list(range(10))
        try:
            print(pool.map(f, ten))
        except ZeroDivisionError:
            print("   map raises ZeroDivisionError")
        try:
            list(pool.imap(f, ten))
        except ZeroDivisionError:
            print("   a loop over imap raises ZeroDivisionError")
        it = pool.imap(f, ten)
        for i in range(11):
            try:
                next(it)
            except ZeroDivisionError:
                print("   next raises it at", i)
            except StopIteration:
                print("   and goes on up to", i)

        print("get and next with a limit:")
        late = pool.apply_async(work_out, (mul, (6, 7)))
        while True:
            try:
                print("  ", late.get(0.002))
                break
            except TimeoutError:
                pass
        some = pool.imap(work_out_task, products)
        while True:
            try:
                print("  ", some.next(0.002))
            except StopIteration:
                break
            except TimeoutError:
                pass

        print("callbacks:")
        seen = []
        r1 = pool.map_async(pow3, ten, callback=seen.extend)
        r1.wait()
        r2 = pool.apply_async(pow3, (10,), callback=seen.append)
        r2.wait()
        print("  ", *seen)

        print("many:")
        many = list(range(10_000))
        print("  ", len(pool.map(noop, many, 1000)))
        powers = pool.map(pow3, many)
        print("  ", powers[0], powers[-1])

        print("the end:")
        print("   nothing is left to do:", pool._cache == {})
        pool.close()
        try:
            pool.apply_async(pow3, (1,))
        except ValueError as error:
            print("  ", error)
        pool.join()
        print("  ", pool._state)


if __name__ == "__main__":
    freeze_support()
    set_start_method("spawn")
    main()
