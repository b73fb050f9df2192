"""A pipe carries a list from a child to its parent."""

from multiprocessing import Pipe, Process, set_start_method


def f(conn):
    conn.send([42, None, "hello"])
    conn.close()


if __name__ == "__main__":
    set_start_method("spawn")
    parent_conn, child_conn = Pipe()
    p = Process(target=f, args=(child_conn,))
    p.start()
    print(parent_conn.recv())
    p.join()
