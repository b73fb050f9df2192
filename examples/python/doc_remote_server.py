"""The documentation's remote manager: a server for a queue. It prints its port."""

from multiprocessing.managers import BaseManager
from queue import Queue


class QueueManager(BaseManager):
    pass


if __name__ == "__main__":
    queue = Queue()
    QueueManager.register("get_queue", callable=lambda: queue)
    m = QueueManager(address=("127.0.0.1", 0), authkey=b"abracadabra")
    s = m.get_server()
    print(s.address[1], flush=True)
    s.serve_forever()
