"""A consumer is given both ends of a pipe, closes the one it does not use, and takes
until nobody is left who could send: EOFError ends its loop."""

from multiprocessing import Pipe, Process, set_start_method


def consumer(p, name):
    left, right = p
    left.close()
    while True:
        try:
            roll = right.recv()
            print("%s got roll %s" % (name, roll))
        except EOFError:
            right.close()
            break


def producer(seq, p):
    left, right = p
    right.close()
    for i in seq:
        left.send(i)
    left.close()


if __name__ == "__main__":
    set_start_method("spawn")
    left, right = Pipe()
    c1 = Process(target=consumer, args=((left, right), "c1"))
    c1.start()
    seq = (i for i in range(10))
    producer(seq, (left, right))
    right.close()
    left.close()
    c1.join()
    print("the main process ends")
