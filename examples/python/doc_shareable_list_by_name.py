"""The documentation's list that is opened by its name, here in a second process."""

from multiprocessing import Process, set_start_method
from multiprocessing.shared_memory import ShareableList


def change(name):
    c = ShareableList(name=name)
    print(c)
    c[-1] = -999
    c.shm.close()


if __name__ == "__main__":
    set_start_method("spawn")
    b = ShareableList(range(5))
    p = Process(target=change, args=(b.shm.name,))
    p.start()
    p.join()
    print(b[-1])
    b.shm.close()
    b.shm.unlink()
