"""The documentation's namespace: names that begin with _ stay with the proxy."""

from multiprocessing import Manager, set_start_method

if __name__ == "__main__":
    set_start_method("spawn")
    with Manager() as manager:
        Global = manager.Namespace()
        Global.x = 10
        Global.y = "hello"
        Global._z = 12.3  # this is an attribute of the proxy
        print(Global)
