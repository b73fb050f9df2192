"""A context has the whole library, bound to one start method."""

import multiprocessing as mp


def put_hello(q):
    q.put("hello")


if __name__ == "__main__":
    ctx = mp.get_context("spawn")
    q = ctx.Queue()
    p = ctx.Process(target=put_hello, args=(q,))
    p.start()
    print(q.get())
    p.join()
