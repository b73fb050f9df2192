/**
 * A picture in shared memory: this program draws it, a Python program inverts its pixels
 * where they are, and this one sees it. No pixel is sent or copied. The picture is written
 * before and after that, as `before.png` and `after.png`, to the folder that is the
 * program's argument, or to the present one.
 *
 * The same program in Python: `python/invert_picture.py`, which is also the one that inverts.
 * @module
 */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
// In a program of your own: from "@pystd/multiprocessing" and, below, its "/shared_memory"
import { is_main } from "../mod.ts";
import { SharedMemory } from "../src/shared_memory.ts";
import { encodePng } from "./helpers/png.ts";

const WIDTH = 96;
const HEIGHT = 64;

/** A blue disc before a red and green sky. */
function draw(): Uint8Array {
  const pixels = new Uint8Array(3 * WIDTH * HEIGHT);
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const isInside = (x - WIDTH / 2) ** 2 + (y - HEIGHT / 2) ** 2 < 24 ** 2;
      pixels.set(isInside ? [20, 60, 230] : [2 * x, 3 * y, 30], 3 * (y * WIDTH + x));
    }
  }
  return pixels;
}

/** Writes the picture that is in the memory. */
function save(shm: SharedMemory, path: string) {
  writeFileSync(path, encodePng(shm.buf.slice(), WIDTH, HEIGHT));
}

if (is_main(import.meta)) { // if __name__ == "__main__":
  const folder = process.argv[2] ?? ".";
  const drawn = draw();
  const shm = SharedMemory({ create: true, size: drawn.length });
  shm.buf.set(drawn); // shm.buf[:] = drawn
  save(shm, `${folder}/before.png`);
  console.log("pixels:", WIDTH * HEIGHT, "the first:", shm.buf.slice(0, 3).join(" "));
  const program = fileURLToPath(
    new URL("./python/invert_picture.py", import.meta.url),
  );
  execFileSync("python3", [program, "invert", shm.name, String(drawn.length)]);
  save(shm, `${folder}/after.png`);
  console.log("the first now:", shm.buf.slice(0, 3).join(" "));
  const isInverted = drawn.every((byte, i) => shm.buf[i] === 255 - byte);
  console.log("every byte is inverted:", isInverted);
  shm.close();
  shm.unlink();
}
