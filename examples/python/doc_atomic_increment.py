"""The documentation's atomic increment: `value += 1` reads and writes, so it needs the lock."""

from multiprocessing import Value, set_start_method

if __name__ == "__main__":
    set_start_method("spawn")
    counter = Value("i", 41)
    with counter.get_lock():
        counter.value += 1
    print(counter)
