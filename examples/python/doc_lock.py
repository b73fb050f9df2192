"""Ten processes print a line each, one at a time, as a lock wants it."""

from multiprocessing import Lock, Process, set_start_method


def f(lock, i):
    lock.acquire()
    try:
        print("hello world", i, flush=True)
    finally:
        lock.release()


if __name__ == "__main__":
    set_start_method("spawn")
    lock = Lock()
    processes = []
    for num in range(10):
        p = Process(target=f, args=(lock, num))
        p.start()
        processes.append(p)
    for p in processes:
        p.join()
