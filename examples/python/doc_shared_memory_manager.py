"""The documentation's manager of shared memory: two lists and a block, all unlinked by
`shutdown`."""

from multiprocessing import set_start_method
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import ShareableList

if __name__ == "__main__":
    set_start_method("spawn")
    smm = SharedMemoryManager()
    smm.start()  # the process that keeps the memory
    sl = smm.ShareableList(range(4))
    print(sl)
    raw_shm = smm.SharedMemory(size=128)
    print(raw_shm)
    another_sl = smm.ShareableList("alpha")
    print(another_sl)
    name = another_sl.shm.name
    for shm in (sl.shm, raw_shm, another_sl.shm):
        shm.close()
    smm.shutdown()  # unlinks all three
    try:
        ShareableList(name=name)
    except FileNotFoundError as error:
        print(type(error).__name__)
