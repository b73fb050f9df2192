"""The documentation's first shared memory: a number and an array of integers, which a
child process changes."""

from multiprocessing import Array, Process, Value, set_start_method


def f(n, a):
    n.value = 3.1415927
    for i in range(len(a)):
        a[i] = -a[i]


if __name__ == "__main__":
    set_start_method("spawn")
    num = Value("d", 0.0)
    arr = Array("i", range(10))
    p = Process(target=f, args=(num, arr))
    p.start()
    p.join()
    print(num.value)
    print(*arr[:])
