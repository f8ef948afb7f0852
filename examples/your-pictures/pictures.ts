/** Cuts small pictures out of the photographs of `examples/photos`, a folder a class. */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";

const photos = {
  cat: "../photos/chelsea.jpg",
  coffee: "../photos/coffee.jpg",
};

/** As many of each class, 64 x 64, from places that are spread over the photograph. */
export async function cutPictures(folder: string, count: number): Promise<void> {
  for (const [name, photo] of Object.entries(photos)) {
    const source = fileURLToPath(new URL(photo, import.meta.url));
    const { width, height } = await sharp(source).metadata();
    const into = join(folder, name);
    await mkdir(into, { recursive: true });
    for (let i = 0; i < count; i++) {
      // Fractions of multiples of the golden ratio, and of another irrational number, spread evenly.
      const left = Math.floor(((i * 0.618034) % 1) * (width - 64));
      const top = Math.floor(((i * 0.414214) % 1) * (height - 64));
      const cut = { left, top, width: 64, height: 64 };
      await sharp(source)
        .extract(cut)
        .toFile(join(into, `${String(i).padStart(3, "0")}.png`));
    }
  }
}
