"""The documentation's NumPy array in two programs, with a memoryview and two processes: the
second one opens the block by its name and changes the last number."""

from multiprocessing import Process, set_start_method
from multiprocessing.shared_memory import SharedMemory


def change(name):
    existing = SharedMemory(name)
    c = existing.buf.cast("d")
    c[5] = 888
    c.release()
    existing.close()


if __name__ == "__main__":
    set_start_method("spawn")
    a = [1, 1, 2, 3, 5, 8]
    shm = SharedMemory(create=True, size=len(a) * 8)
    b = shm.buf.cast("d")
    for i, number in enumerate(a):
        b[i] = number
    print(*map(int, b))
    p = Process(target=change, args=(shm.name,))
    p.start()
    p.join()
    print(*map(int, b))
    b.release()
    shm.close()
    shm.unlink()
