"""The documentation's Listener and Client, in one program: the client is a process."""

from array import array
from multiprocessing import Process, set_start_method
from multiprocessing.connection import Client, Listener

authkey = b"secret password"


def client(address):
    with Client(address, authkey=authkey) as conn:
        print(conn.recv())
        print(conn.recv_bytes().decode())
        arr = array("i", [0, 0, 0, 0, 0])
        print(conn.recv_bytes_into(arr))
        print(list(arr))


if __name__ == "__main__":
    set_start_method("spawn")
    with Listener(("127.0.0.1", 0), authkey=authkey) as listener:
        p = Process(target=client, args=(listener.address,))
        p.start()
        with listener.accept() as conn:
            conn.send([2.25, None, "junk"])
            conn.send_bytes(b"hello")
            conn.send_bytes(array("i", [42, 1729]))
            p.join()
