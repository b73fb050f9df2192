"""Waits for messages from several processes at once: ten from each of four."""

from multiprocessing import Pipe, Process, current_process, set_start_method
from multiprocessing.connection import wait


def foo(w):
    for i in range(10):
        w.send((i, current_process().name))
    w.close()


if __name__ == "__main__":
    set_start_method("spawn")
    readers = []

    for i in range(4):
        r, w = Pipe(duplex=False)
        readers.append(r)
        p = Process(target=foo, args=(w,))
        p.start()
        # Our copy of the writing end goes now: then the process has the only one, and
        # wait() says that the reader is ready as soon as that process has closed it.
        w.close()

    while readers:
        for r in wait(readers):
            try:
                msg = r.recv()
                print(list(msg))
            except EOFError:
                readers.remove(r)
