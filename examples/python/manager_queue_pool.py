"""A pool's workers share a queue of a manager: a plain Queue could not be sent to them."""

from multiprocessing import Manager, Pool, set_start_method


def reader(q):
    for i in range(q.qsize()):
        print("reader got " + q.get(True), flush=True)


def writer(q):
    for letter in "dongGe":
        q.put(letter)


if __name__ == "__main__":
    set_start_method("spawn")
    print("start", flush=True)
    manager = Manager()
    q = manager.Queue()
    po = Pool(2)
    po.apply(writer, (q,))
    po.apply(reader, (q,))
    po.close()
    po.join()
    print("end")
