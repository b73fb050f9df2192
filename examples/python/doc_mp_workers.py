"""Four workers take functions with arguments from one queue, answer into another."""

import random
import time
from multiprocessing import (
    Process,
    Queue,
    current_process,
    freeze_support,
    set_start_method,
)


def worker(tasks, answers):
    for func, args in iter(tasks.get, "STOP"):
        answers.put(work_out(func, args))


def work_out(func, args):
    result = func(*args)
    name = current_process().name
    return "%s says that %s%s is %s" % (name, func.__name__, args, result)


def mul(a, b):
    time.sleep(0.02 * random.random())
    return a * b


def plus(a, b):
    time.sleep(0.02 * random.random())
    return a + b


def main():
    workers = 4
    products = [(mul, (i, 7)) for i in range(20)]
    sums = [(plus, (i, 8)) for i in range(10)]
    task_queue = Queue()
    done_queue = Queue()

    for task in products:
        task_queue.put(task)
    processes = []
    for _ in range(workers):
        processes.append(Process(target=worker, args=(task_queue, done_queue)))
        processes[-1].start()

    print("answers as they come:")
    for _ in products:
        print("  ", done_queue.get())

    for task in sums:
        task_queue.put(task)
    for _ in sums:
        print("  ", done_queue.get())

    for _ in range(workers):
        task_queue.put("STOP")
    # The queues end with this function, and a child that is still being started needs
    # them: without the join it may fail to find their semaphores.
    for p in processes:
        p.join()


if __name__ == "__main__":
    freeze_support()
    set_start_method("spawn")
    main()
