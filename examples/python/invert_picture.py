"""A picture in shared memory: this program draws it, another one inverts its pixels where
they are, and this one sees it. No pixel is sent or copied. The picture is written before
and after that, as `before.png` and `after.png`, to the folder that is the program's
argument, or to the present one.

With the arguments `invert NAME SIZE` it is the other program."""

import struct
import subprocess
import sys
import zlib
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory

WIDTH = 96
HEIGHT = 64


def draw():
    """A blue disc before a red and green sky."""
    pixels = bytearray()
    for y in range(HEIGHT):
        for x in range(WIDTH):
            inside = (x - WIDTH / 2) ** 2 + (y - HEIGHT / 2) ** 2 < 24**2
            pixels += bytes([20, 60, 230] if inside else [2 * x, 3 * y, 30])
    return pixels


def chunk(kind, data):
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


def save(shm, path):
    """Writes the picture that is in the memory."""
    row = 3 * WIDTH
    lines = b"".join(b"\0" + shm.buf[y * row : (y + 1) * row] for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    with open(path, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header))
        file.write(chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b""))


def attach(name):
    """Opens the memory of another program, which is to be left to it at our end."""
    try:
        return SharedMemory(name, track=False)
    except TypeError:  # before Python 3.13
        shm = SharedMemory(name)
        resource_tracker.unregister(shm._name, "shared_memory")
        return shm


def invert(name, size):
    shm = attach(name)
    for i in range(size):
        shm.buf[i] = 255 - shm.buf[i]
    shm.close()


def main(folder):
    drawn = draw()
    shm = SharedMemory(create=True, size=len(drawn))
    shm.buf[:] = drawn
    save(shm, f"{folder}/before.png")
    print("pixels:", WIDTH * HEIGHT, "the first:", *shm.buf[:3])
    program = [sys.executable, __file__, "invert", shm.name, str(len(drawn))]
    subprocess.run(program, check=True)
    save(shm, f"{folder}/after.png")
    print("the first now:", *shm.buf[:3])
    inverted = all(shm.buf[i] == 255 - byte for i, byte in enumerate(drawn))
    print("every byte is inverted:", inverted)
    shm.close()
    shm.unlink()


if __name__ == "__main__":
    if sys.argv[1:2] == ["invert"]:
        invert(sys.argv[2], int(sys.argv[3]))
    else:
        main(sys.argv[1] if len(sys.argv) > 1 else ".")
