"""The documentation's remote manager: the queue is also used by a process of its own."""

from multiprocessing import Process, Queue, set_start_method
from multiprocessing.managers import BaseManager


class Worker(Process):
    def __init__(self, q):
        self.q = q
        super().__init__()

    def run(self):
        self.q.put("local hello")


class QueueManager(BaseManager):
    pass


if __name__ == "__main__":
    set_start_method("spawn")
    queue = Queue()
    w = Worker(queue)
    w.start()
    QueueManager.register("get_queue", callable=lambda: queue)
    m = QueueManager(address=("127.0.0.1", 0), authkey=b"abracadabra")
    s = m.get_server()
    print(s.address[1], flush=True)
    s.serve_forever()
