"""The product of two matrices by four processes: each computes a band of rows. The three
matrices are one array of numbers in shared memory; nothing is sent but its name."""

from multiprocessing import Process, set_start_method
from multiprocessing.shared_memory import SharedMemory

# Rows and columns of each matrix, and how many numbers it has.
N = 48
SIZE = N * N
PROCESSES = 4


def multiply(numbers, first, last):
    """Computes the rows from `first` to `last` of the third matrix."""
    for row in range(first, last):
        for column in range(N):
            numbers[2 * SIZE + row * N + column] = sum(
                numbers[row * N + k] * numbers[SIZE + k * N + column] for k in range(N)
            )


def band(name, first, last):
    shm = SharedMemory(name)
    numbers = shm.buf.cast("d")
    multiply(numbers, first, last)
    numbers.release()
    shm.close()


if __name__ == "__main__":
    set_start_method("spawn")
    shm = SharedMemory(create=True, size=3 * SIZE * 8)
    given = shm.buf.cast("d")
    for i in range(SIZE):
        given[i] = i % 7 - 3
        given[SIZE + i] = i % 11 - 5
    alone = given.tolist()
    processes = [
        Process(target=band, args=(shm.name, i * N // PROCESSES, (i + 1) * N // PROCESSES))
        for i in range(PROCESSES)
    ]
    for p in processes:
        p.start()
    for p in processes:
        p.join()
    product = [int(number) for number in given.tolist()[2 * SIZE :]]
    multiply(alone, 0, N)
    print("first row:", *product[:8])
    print("last row:", *product[-8:])
    print("as one process computes it:", product == alone[2 * SIZE :])
    given.release()
    shm.close()
    shm.unlink()
