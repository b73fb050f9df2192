"""The documentation's remote manager: a client that puts something into the queue."""

import sys
from multiprocessing.managers import BaseManager


class QueueManager(BaseManager):
    pass


QueueManager.register("get_queue")

if __name__ == "__main__":
    port = int(sys.argv[1])
    m = QueueManager(address=("127.0.0.1", port), authkey=b"abracadabra")
    m.connect()
    queue = m.get_queue()
    queue.put("hello")
