"""The documentation's list in shared memory: values of several types, of which each has the
room that it was made with."""

from multiprocessing.shared_memory import ShareableList

if __name__ == "__main__":
    a = ShareableList(["howdy", b"HoWdY", -273.154, 100, None, True, 42])
    print(a[2])
    a[2] = -78.5
    print(a[2])
    a[2] = "dry ice"  # another type is fine
    print(a[2])
    try:
        a[2] = "larger than previously allocated storage space"
    except ValueError as error:
        print(f"{type(error).__name__}: {error}")
    print(a[2])
    print(len(a))
    print(a.index(42))
    print(a.count(b"howdy"), a.count(b"HoWdY"))
    a.shm.close()
    a.shm.unlink()
