"""A child sends lists through its end of a pipe; the parent closes its own copy of that
end, so it notices when the child has nothing more to say."""

from multiprocessing import Pipe, Process, set_start_method


def f(conn):
    for name in ["Ada", "Grace", "Linus"]:
        conn.send([len(name), None, "hello %s" % name])
    conn.close()


if __name__ == "__main__":
    set_start_method("spawn")
    parent_conn, child_conn = Pipe()
    p = Process(target=f, args=(child_conn,))
    p.start()
    child_conn.close()
    try:
        while True:
            print(parent_conn.recv())
    except EOFError:
        print("the child has closed its end")
    p.join()
