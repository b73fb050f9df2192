"""The documentation's division of work: two processes each square one half of a list in
shared memory, which a manager unlinks at the end of the block."""

from multiprocessing import Process, set_start_method
from multiprocessing.managers import SharedMemoryManager


def do_work(sl, start, stop):
    for i in range(start, stop):
        sl[i] *= sl[i]


if __name__ == "__main__":
    set_start_method("spawn")
    with SharedMemoryManager() as smm:
        sl = smm.ShareableList(range(2000))
        p1 = Process(target=do_work, args=(sl, 0, 1000))
        p2 = Process(target=do_work, args=(sl, 1000, 2000))
        p1.start()
        p2.start()
        p1.join()
        p2.join()
        total_result = sum(sl)
        print(total_result)
