"""Two senders of one object, a single message and twenty, and one receiver."""

import json
from multiprocessing import JoinableQueue, Process, set_start_method
from time import sleep


class Work:
    def __init__(self, queue):
        self.queue = queue

    def send(self, message):
        if not isinstance(message, str):
            message = json.dumps(message)
        self.queue.put(message)

    def send_all(self):
        for i in range(20):
            self.queue.put("round %d, message %d" % (i, i))
            sleep(0.01)

    def receive(self):
        while True:
            result = self.queue.get()
            try:
                message = json.loads(result)
            except ValueError:
                message = result
            print("received", message, flush=True)
            self.queue.task_done()


if __name__ == "__main__":
    set_start_method("spawn")
    queue = JoinableQueue()
    work = Work(queue)
    send = Process(target=work.send, args=({"message": "just a test"},))
    receive = Process(target=work.receive)
    send_all = Process(target=work.send_all)
    send_all.start()
    send.start()
    receive.start()
    send_all.join()
    send.join()
    queue.join()  # what was sent is printed: now the endless loop may be ended
    receive.terminate()
    receive.join()
    print("exitcodes", send.exitcode, send_all.exitcode, receive.exitcode)
