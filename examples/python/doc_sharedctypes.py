"""The documentation's ctypes objects in shared memory: a number, a text of bytes and an
array of structures, which a child process changes."""

from ctypes import Structure, c_double
from multiprocessing import Lock, Process, set_start_method
from multiprocessing.sharedctypes import Array, Value


class Point(Structure):
    _fields_ = [("x", c_double), ("y", c_double)]


def modify(n, x, s, A):
    n.value **= 2
    x.value **= 2
    s.value = s.value.upper()
    for a in A:
        a.x **= 2
        a.y **= 2


if __name__ == "__main__":
    set_start_method("spawn")
    lock = Lock()
    n = Value("i", 7)
    x = Value(c_double, 1.0 / 3.0, lock=False)
    s = Array("c", b"hello world", lock=lock)
    A = Array(Point, [(1.875, -6.25), (-5.75, 2.0), (2.375, 9.5)], lock=lock)
    p = Process(target=modify, args=(n, x, s, A))
    p.start()
    p.join()
    print(n.value)
    print(x.value)
    print(s.value.decode())
    for a in A:
        print(f"x={a.x:.6f} y={a.y:.6f}")
