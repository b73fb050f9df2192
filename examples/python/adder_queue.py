"""One process makes pairs of numbers, another adds them until none come any more."""

from multiprocessing import Process, Queue, set_start_method
from time import sleep


def adder(q):
    while True:
        try:
            x, y = q.get(timeout=1)
        except Exception as error:
            print("no more pairs:", type(error).__name__)
            break
        else:
            print("%d+%d=%d" % (x, y, x + y))


def pair_maker(q):
    for i in range(6):
        sleep(0.02)
        x = 10 * i
        y = i * i
        q.put((x, y))


if __name__ == "__main__":
    set_start_method("spawn")
    q = Queue(3)
    p1 = Process(target=adder, args=(q,))
    p2 = Process(target=pair_maker, args=(q,))
    p1.start()
    p2.start()
    p1.join()
    p2.join()
