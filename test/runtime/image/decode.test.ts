import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { crc32 } from "node:zlib";
import sharp, { type Sharp } from "sharp";
import { afterAll, describe, expect, it } from "vitest";
import { packageFile } from "../../../src/emit/package.js";
import { pictureOf } from "../../../src/runtime/image/picture.js";
import { oddFiles } from "../../files/odd.js";
import { bytesOf, decoded, place } from "./support.js";

const folder = mkdtempSync(join(tmpdir(), "incept-decode-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const encoded = (name: string): Buffer =>
  readFileSync(packageFile("test", "fixtures-pictures", "encoded", name));

const plain = (channels: 3 | 4 = 3): Sharp =>
  sharp({
    create: { width: 40, height: 30, channels, background: { r: 200, g: 100, b: 50, alpha: 0.5 } },
  });

const firstPixel = async (image: Sharp): Promise<number[]> => {
  const rgb = await bytesOf(await image.toBuffer());
  expect(rgb).toHaveLength(4 * 4 * 3);
  return [...rgb.subarray(0, 3)];
};

/** A PNG of any size whose rows are missing. */
function headOfPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(25);
  header.writeUInt32BE(13, 0);
  header.write("IHDR", 4);
  header.writeUInt32BE(width, 8);
  header.writeUInt32BE(height, 12);
  header.set([8, 2, 0, 0, 0], 16);
  header.writeUInt32BE(crc32(header.subarray(4, 21)), 21);
  const data = Buffer.from("\0\0\0\0IDAT\x35\xaf\x06\x1e", "latin1");
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), header, data]);
}

describe("decoding", () => {
  it("reads the common formats", async () => {
    expect(await firstPixel(plain().png())).toEqual([200, 100, 50]);
    expect(await firstPixel(plain().gif())).toEqual([200, 100, 50]);
    expect(await firstPixel(plain().webp({ lossless: true }))).toEqual([200, 100, 50]);
    for (const [c, value] of (await firstPixel(plain().jpeg())).entries()) {
      expect(Math.abs(value - ([200, 100, 50][c] ?? 0))).toBeLessThanOrEqual(2);
    }
  });

  it("makes three channels of grey, and drops transparency", async () => {
    const grey = sharp({ create: { width: 9, height: 9, channels: 3, background: "#646464" } });
    expect(await firstPixel(grey.greyscale().png())).toEqual([100, 100, 100]);
    expect(await firstPixel(plain(4).png())).toEqual([200, 100, 50]);
  });

  it("reads 16 bits a channel", async () => {
    expect(await firstPixel(plain().toColourspace("rgb16").png())).toEqual([200, 100, 50]);
  });

  it("turns an image upright", async () => {
    const pixels = Buffer.alloc(8 * 4 * 3);
    pixels.fill(255, 0, 8 * 2 * 3);
    const image = sharp(pixels, { raw: { width: 8, height: 4, channels: 3 } });
    const rgb = await bytesOf(await image.withMetadata({ orientation: 6 }).png().toBuffer());
    expect([rgb[0], rgb[9]]).toEqual([0, 255]);
  });

  it("takes a path, a file URL and bytes of any kind", async () => {
    const file = join(folder, "a.png");
    writeFileSync(file, encoded("rgb.png"));
    const { data } = await decoded(file);
    const shared = new Uint8Array(new SharedArrayBuffer(encoded("rgb.png").length));
    shared.set(encoded("rgb.png"));
    for (const source of [pathToFileURL(file), encoded("rgb.png"), shared]) {
      expect(Buffer.compare((await decoded(source)).data, data)).toBe(0);
    }
  });

  it("reads bytes as they were at the call, whatever becomes of them", async () => {
    const bytes = Uint8Array.from(encoded("rgb.png"));
    const [overwritten, transferred] = [pictureOf(bytes, place), pictureOf(bytes, place)];
    bytes.fill(0);
    structuredClone(bytes, { transfer: [bytes.buffer] });
    for (const picture of [overwritten, transferred]) {
      expect(await picture.read()).toEqual(Uint8Array.from(encoded("rgb.png")));
    }
  });
});

describe("what is refused by name", () => {
  const none = /cannot be decoded: it is no JPEG, PNG, WebP, AVIF, GIF or TIFF\.$/;
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect/></svg>';
  const cases: readonly [what: string, source: Uint8Array, message: RegExp][] = [
    ["text", Buffer.from("no image at all"), none],
    ["nothing", Buffer.alloc(0), /it is empty\.$/],
    ["SVG", Buffer.from(svg), none],
    ["SVG behind a declaration", Buffer.from(`<?xml version="1.0"?>${svg}`), none],
    ["PDF", Buffer.from("%PDF-1.7\n1 0 obj"), none],
    ["PPM", Buffer.from("P6 1 1 255 abc"), none],
    ["a BMP", Buffer.from("BM\x46\0\0\0\0\0\0\0\x36\0\0\0"), none],
    ["HEIC", Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic"), none],
    ["the first bytes of a JPEG alone", Buffer.from("ffd8ffe0", "hex"), /decoded: VipsJpeg: \S/],
    ["the first bytes of a PNG alone", encoded("rgb.png").subarray(0, 20), /decoded: \w.*\w\.$/],
  ];
  it.each(cases)("%s", async (_, source, message) => {
    await expect(decoded(source)).rejects.toMatchObject({
      code: "image/unreadable",
      message: expect.stringMatching(message) as string,
      ...(message === none ? { help: "convert it to one of those formats first" } : {}),
    });
  });

  it("what is no file", async () => {
    for (const [what, path] of oddFiles(folder)) {
      const code = expect.stringMatching(/^file\//) as string;
      await expect(decoded(path), what).rejects.toMatchObject({ code });
    }
    await expect(decoded("/absent/cat.jpg")).rejects.toMatchObject({ code: "file/not-found" });
  });

  const anyOfThese =
    "a path, a file URL, the bytes of a picture (Uint8Array, ArrayBuffer or Blob), " +
    "an ImageData, or { data, width, height, channels }";
  it.each([
    [42, new TypeError(`test: image is 42, expected ${anyOfThese}.`)],
    [undefined, new TypeError(`test: image is undefined, expected ${anyOfThese}.`)],
    [
      new DataView(new ArrayBuffer(9)),
      new TypeError(`test: image is a DataView, expected ${anyOfThese}.`),
    ],
    [new Uint16Array(9), new TypeError(`test: image is a Uint16Array, expected ${anyOfThese}.`)],
    [
      new URL("http://127.0.0.1/cat.jpg"),
      new RangeError('test: image is "http://127.0.0.1/cat.jpg", expected a path or a file URL.'),
    ],
  ])("%s", (source, error) => {
    expect(() => pictureOf(source, place)).toThrow(error);
  });

  it("half a file", async () => {
    const whole = await plain().resize(400, 400).jpeg().toBuffer();
    const avif = await plain().avif().toBuffer();
    const halves = ["rgb.png", "lossy.webp", "palette.gif", "lzw.tif", "420-progressive.jpg"];
    for (const file of [whole, avif, ...halves.map(encoded)]) {
      const half = file.subarray(0, file.length / 2);
      await expect(decoded(half)).rejects.toMatchObject({ code: "image/unreadable" });
    }
  });

  it("a picture with something wrong in its middle", async () => {
    for (const name of ["444-baseline.jpg", "rgb.png"]) {
      const bytes = encoded(name);
      bytes.set([0xff, 0xd3, 0x55], bytes.length - 200);
      await expect(decoded(bytes), name).rejects.toMatchObject({ code: "image/unreadable" });
    }
  });

  it("colours that are neither grey, RGB nor CMYK of bytes", async () => {
    const float = await plain().tiff({ predictor: "float", compression: "deflate" }).toBuffer();
    await expect(decoded(float)).rejects.toMatchObject({
      code: "image/unreadable",
      message: expect.stringContaining(
        "its colours are scrgb in float, expected grey, RGB or CMYK of 8 or 16 bits.",
      ) as string,
    });
  });
});

describe("a picture of many pixels", () => {
  it("is refused before it is decoded, and the message says how to raise the limit", async () => {
    await expect(decoded(headOfPng(20_000, 20_000))).rejects.toMatchObject({
      code: "image/too-large",
      message:
        "A picture of 45 bytes has 20000 x 20000 pixels; more than 100000000 are not decoded.",
      help: "raise the limit with { maxPixels: 400000000 }, or --max-pixels 400000000",
    });
  });

  it("is decoded where the limit is raised, and refused where it is lowered", async () => {
    await expect(
      decoded(headOfPng(20_000, 20_000), { maxPixels: 400_000_000 }),
    ).rejects.toMatchObject({ code: "image/unreadable" });
    const image = await plain().png().toBuffer();
    expect(await decoded(image, { maxPixels: 1200 })).toMatchObject({ width: 40, height: 30 });
    await expect(decoded(image, { maxPixels: 1199 })).rejects.toMatchObject({
      code: "image/too-large",
    });
  });

  it("counts as much of an animation as is decoded", async () => {
    expect(await decoded(encoded("animated.gif"), { maxPixels: 23 * 17 })).toMatchObject({
      width: 23,
      height: 17,
    });
  });

  it("may be thin, but not without end", async () => {
    const thin = await sharp({
      create: { width: 65_000, height: 1, channels: 3, background: "#c86432" },
    })
      .png()
      .toBuffer();
    const rgb = await bytesOf(thin, { resize: 256, size: [224, 224] });
    expect([...rgb.subarray(-3)]).toEqual([200, 100, 50]);
    const thread = await sharp(Buffer.alloc(1_000_001), {
      raw: { width: 1, height: 1_000_001, channels: 1 },
    })
      .tiff({ compression: "deflate" })
      .toBuffer();
    await expect(decoded(thread)).rejects.toMatchObject({
      code: "image/too-large",
      message: expect.stringMatching(
        /1 x 1000001 pixels; a side may have at most 1000000/,
      ) as string,
    });
  });
});
