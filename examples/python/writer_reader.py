"""First one process writes into a queue, then another reads it until it is empty."""

from multiprocessing import Process, Queue, set_start_method
from random import random
from time import sleep


def write(q):
    for value in ["A", "B", "C"]:
        print("put", value)
        q.put(value)
        sleep(0.02 * random())


def read(q):
    while True:
        if not q.empty():
            value = q.get(True)
            print("got", value)
            sleep(0.02 * random())
        else:
            break


if __name__ == "__main__":
    set_start_method("spawn")
    q = Queue()
    writer = Process(target=write, args=(q,))
    reader = Process(target=read, args=(q,))
    writer.start()
    writer.join()
    reader.start()
    reader.join()
    print("everything is written and read")
