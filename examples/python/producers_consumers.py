"""Bakers wait until all that they baked is eaten; the eaters end with the program."""

from multiprocessing import JoinableQueue, Process, set_start_method
from time import sleep


def baker(q, name):
    for i in range(3):
        roll = "roll %s%d" % (name, i)
        sleep(0.02)
        print("baked", roll)
        q.put(roll)
    q.join()


def eater(q):
    while True:
        roll = q.get()
        sleep(0.01)
        print("ate", roll, flush=True)  # it will be killed, unflushed text is lost then
        q.task_done()


if __name__ == "__main__":
    set_start_method("spawn")
    q = JoinableQueue()
    b1 = Process(target=baker, args=(q, "a"))
    b2 = Process(target=baker, args=(q, "b"))
    b3 = Process(target=baker, args=(q, "c"))
    e1 = Process(target=eater, args=(q,))
    e2 = Process(target=eater, args=(q,))
    e1.daemon = True
    e2.daemon = True
    b1.start()
    b2.start()
    b3.start()
    e1.start()
    e2.start()
    b1.join()
    b2.join()
    b3.join()
    print("the bakery closes")
