"""Classes of the emitted programs."""
import ctypes
import multiprocessing
from multiprocessing.managers import BaseManager


class Box:
    def __init__(self, x=0):
        self.x = x

    def get(self):
        return self.x

    def set(self, x):
        self.x = x

    def add(self, n=1):
        self.x += n
        return self.x

    def fail(self, text):
        raise ValueError(text)

    def same(self, value):
        return value

    def _hidden(self):
        return 'hidden'


class Own(BaseManager):
    pass


Own.register('Box', Box)
Own.register('Half', Box, exposed=('get', '_hidden'))
Own.register('Boxes', Box, method_to_typeid={'same': 'Box'})


class Teller(multiprocessing.Process):
    """Has fields of its own, which travel, and says them."""

    def __init__(self, queue, value):
        multiprocessing.Process.__init__(self)
        self.queue = queue
        self.value = value

    def run(self):
        self.queue.put([self.name, self.value])


class Point(ctypes.Structure):
    _fields_ = [('x', ctypes.c_double), ('y', ctypes.c_int)]
