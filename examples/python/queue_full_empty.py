"""What a queue of three places says when it is full, and how to empty it."""

from multiprocessing import Queue, set_start_method
from queue import Full

if __name__ == "__main__":
    set_start_method("spawn")
    q = Queue(3)
    q.put("parcel 1")
    q.put("parcel 2")
    print("full:", q.full())
    q.put("parcel 3")
    print("full:", q.full())
    try:
        q.put("parcel 4", True, 0.2)
    except Full:
        print("still full after a while, it holds", q.qsize())
    try:
        q.put_nowait("parcel 4")
    except Full:
        print("full at once, it holds", q.qsize())
    if not q.full():
        q.put_nowait("parcel 4")
    if not q.empty():
        for _ in range(q.qsize()):
            print("took", q.get_nowait())
    print("left:", q.qsize())
