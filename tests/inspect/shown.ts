/** What is on the page, as it is seen. */
import type { Page } from "playwright-core";

/** The text of the row whose first cell is this. */
export async function row(page: Page, name: string): Promise<string> {
  const found = page.getByRole("row").filter({
    has: page.getByRole("rowheader", { name, exact: true }),
  });
  return plain(await found.innerText());
}

/** With one space for any number of them, or of other white space. */
export function plain(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** A canvas of the browser, whose types are not at hand here. */
interface Canvas {
  width: number;
  height: number;
  cloneNode(): Canvas;
  getContext(type: "2d", options: { willReadFrequently: boolean }): {
    drawImage(image: Canvas, x: number, y: number): void;
    getImageData(x: number, y: number, w: number, h: number): { data: Uint8Array };
  };
}

/** The share of the lanes that is drawn in a colour, any but grey. */
export function paint(page: Page): Promise<number> {
  return page.locator("canvas").evaluate((canvas: Canvas) => {
    const { width, height } = canvas;
    // Chromium complains of a canvas that is read again and again.
    const copy = canvas.cloneNode().getContext("2d", { willReadFrequently: true });
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let found = 0;
    for (let i = 0; i < data.length; i += 4) {
      const [r, g, b] = [data[i]!, data[i + 1]!, data[i + 2]!];
      if (Math.max(r, g, b) - Math.min(r, g, b) > 60) found++;
    }
    return found / (width * height);
  });
}
