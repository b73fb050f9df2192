"""A queue holds any value; it knows whether it is full or empty."""

from multiprocessing import Queue, set_start_method

if __name__ == "__main__":
    set_start_method("spawn")
    q = Queue(3)
    q.put("hello")
    q.put({"a": 1})
    q.put([3, 3, 3])
    print("full:", q.full())
    # a fourth q.put() would wait here for a free place
    print(q.get())
    print(q.get())
    print(q.get())
    print("empty:", q.empty())
    # a fourth q.get() would wait here for a value
