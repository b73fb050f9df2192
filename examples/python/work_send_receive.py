"""Two methods of one object, each in its own process, joined by a queue."""

import json
from multiprocessing import JoinableQueue, Process, set_start_method


class Work:
    def __init__(self, queue):
        self.queue = queue

    def send(self, message):
        if not isinstance(message, str):
            message = json.dumps(message)
        self.queue.put(message)

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
    send.start()
    receive.start()
    send.join()
    queue.join()  # what was sent is printed: now the endless loop may be ended
    receive.terminate()
    receive.join()
    print("exitcodes", send.exitcode, receive.exitcode)
