"""A supervisor and its workers, which crash now and then: nothing is lost."""

import os
from multiprocessing import Process, SimpleQueue, set_start_method
from multiprocessing.connection import wait

TASKS = 12
WORKERS = 3


class Worker(Process):
    def __init__(self, tasks, crashed, done):
        super().__init__()
        self.tasks = tasks
        self.crashed = crashed
        self.done = done

    def run(self):
        for task in self.tasks:
            if task % 5 == 0 and self.crashed.get() > 0:
                os._exit(3)
            self.done.put((task, task * task))


def supervise(start):
    left = list(range(TASKS))
    workers = {start(left[i::WORKERS]) for i in range(WORKERS)}
    failed = 0
    while workers:
        ready = wait([worker.sentinel for worker in workers])
        for worker in [one for one in workers if one.sentinel in ready]:
            worker.join()
            workers.remove(worker)
            if worker.exitcode == 0:
                continue
            failed += 1
            while not done.empty():
                results.append(done.get())
            finished = {task for task, _ in results}
            workers.add(start([task for task in worker.tasks if task not in finished]))
    return failed


if __name__ == "__main__":
    set_start_method("spawn")
    crashed = SimpleQueue()
    done = SimpleQueue()
    results = []
    for left in [3, 2, 1, 0, 0, 0]:
        crashed.put(left)

    def start(tasks):
        worker = Worker(tasks, crashed, done)
        worker.start()
        return worker

    failed = supervise(start)
    while not done.empty():
        results.append(done.get())
    print("%d workers have crashed" % failed)
    print("done:", *sorted(result for _, result in results))
