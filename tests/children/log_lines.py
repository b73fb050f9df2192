"""Logs at DEBUG while it does what its argument says: the twin of log_lines.ts."""
import sys
from multiprocessing import (
    Manager, Pool, Process, Queue, log_to_stderr, set_start_method)


def add_one(q, r):
    r.put(q.get() + 1)
    r.close()
    r.join_thread()


def square(x):
    return x * x


def fail():
    sys.exit(3)


def none():
    pass


def queue():
    q, r = Queue(), Queue()
    p = Process(target=add_one, args=(q, r))
    p.start()
    q.put(1)
    r.get()
    p.join()
    q.cancel_join_thread()


def exit():
    p = Process(target=fail)
    p.start()
    p.join()
    Process(target=fail).start()


def pool():
    pool = Pool(processes=1, maxtasksperchild=2)
    for x in [1, 2, 3]:
        pool.apply(square, (x,))
    pool.close()
    pool.join()


def terminate():
    with Pool(2) as pool:
        pool.map(square, [1, 2, 3])


def manager():
    with Manager() as manager:
        items = manager.list([1])
        items.append(2)


if __name__ == "__main__":
    set_start_method("spawn")
    log_to_stderr("DEBUG")
    globals()[sys.argv[1]]()
