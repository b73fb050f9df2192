/**
 * A picture as a PNG file, the format of https://www.w3.org/TR/png: pixels of three bytes,
 * red, green and blue, row by row.
 *
 * @module
 */
import { deflateSync } from "node:zlib";

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const RGB = 2;

/** The bytes of a file. @param pixels Three bytes each, `3 * width * height` in all. */
export function encodePng(
  pixels: Uint8Array,
  width: number,
  height: number,
): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, RGB], 8); // eight bits each; no filter, not interlaced
  const row = 3 * width;
  const lines = new Uint8Array((row + 1) * height); // each begins with its filter: none
  for (let y = 0; y < height; y++) {
    lines.set(pixels.slice(y * row, (y + 1) * row), y * (row + 1) + 1);
  }
  return Uint8Array.from([
    ...SIGNATURE,
    ...chunk("IHDR", header),
    ...chunk("IDAT", deflateSync(lines)),
    ...chunk("IEND", new Uint8Array()),
  ]);
}

/** Its length, its type, what is in it, and a sum to check it by. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
  return bytes;
}

function crc32(bytes: Uint8Array): number {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ -1) >>> 0;
}
