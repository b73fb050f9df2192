"""Four processes count in one number in shared memory. Its lock makes each step whole: not
one is lost. Without it, two processes may read the same number, and one step is."""

from multiprocessing import Process, Value, set_start_method

TIMES = 100


def count(counter):
    for i in range(TIMES):
        with counter:
            counter.value += 1
    lock = counter.get_lock()
    for i in range(TIMES):
        lock.acquire()
        counter.value += 1
        lock.release()


if __name__ == "__main__":
    set_start_method("spawn")
    counter = Value("i", 0)
    processes = [Process(target=count, args=(counter,)) for i in range(4)]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    print(counter.value)
