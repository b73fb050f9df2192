"""The documentation's proxies: of slices and of proxies within proxies."""

from multiprocessing import Manager, set_start_method

if __name__ == "__main__":
    set_start_method("spawn")
    with Manager() as manager:
        l = manager.list([i * i for i in range(10)])
        print(l)
        print(l[4])
        print(l[2:5])
        print(l == [0, 1, 4, 9, 16, 25, 36, 49, 64, 81])

        a = manager.list()
        b = manager.list()
        a.append(b)  # referent of a now contains referent of b
        b.append("hello")
        print(a[0][0], b[0])

        outer = manager.list([manager.dict({"a": 1, "b": 2}), manager.dict({"c": 3})])
        outer[1]["z"] = 26
        print(outer[0])
        print(outer[1])

        plain = manager.list()
        plain.append({})
        copy = plain[0]
        copy["a"] = 1  # changes a copy
        print(plain)
        plain[0] = copy  # now the manager knows
        print(plain)
