"""A queue carries a list from a child to its parent."""

from multiprocessing import Process, Queue, set_start_method


def f(q):
    q.put([42, None, "hello"])


if __name__ == "__main__":
    set_start_method("spawn")
    q = Queue()
    p = Process(target=f, args=(q,))
    p.start()
    print(q.get())
    p.join()
