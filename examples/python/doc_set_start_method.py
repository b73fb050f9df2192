"""The start method of the whole program is chosen once, under the main guard."""

import multiprocessing as mp


def put_hello(q):
    q.put("hello")


if __name__ == "__main__":
    mp.set_start_method("spawn")
    print("start method:", mp.get_start_method())
    q = mp.Queue()
    p = mp.Process(target=put_hello, args=(q,))
    p.start()
    print(q.get())
    p.join()
