"""The documentation's block of shared memory: made, opened a second time by its name,
changed through both."""

import array
from multiprocessing.shared_memory import SharedMemory

if __name__ == "__main__":
    shm_a = SharedMemory(create=True, size=10)
    buffer = shm_a.buf
    print(len(buffer))
    buffer[:4] = bytearray([22, 33, 44, 55])
    buffer[4] = 100
    shm_b = SharedMemory(shm_a.name)  # opens the one that is there
    print(*array.array("b", shm_b.buf[:5]))
    shm_b.buf[:5] = b"howdy"
    print(bytes(shm_a.buf[:5]).decode())
    shm_b.close()  # each object
    shm_a.close()
    shm_a.unlink()  # once
