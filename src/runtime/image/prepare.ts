import { counted } from "../../diagnostics/counted.js";
import { InceptError } from "../../diagnostics/incept-error.js";
import type { ImageInput } from "../../model/network.js";
import { elements, type Shape } from "../../ops/shape.js";
import type { NativeAddon } from "../addon.js";
import { allocate } from "../../files/allocate.js";
import { decode, type DecodeOptions } from "./decode.js";
import type { Picture } from "./picture.js";
import type { Raster } from "./raster.js";

/** What turns decoded pictures into tensors: a compiled network's addon. */
export type Preparer = Pick<NativeAddon, "preparePictures">;

/** An input of a network that the spec says how to make of a picture. */
export interface PictureInput {
  readonly shape: Shape;
  readonly image: ImageInput;
}

export interface PrepareOptions extends DecodeOptions {
  readonly signal?: AbortSignal | undefined;
}

/**
 * Pictures as the spec's `from image(...)` says: N,C,H,W. They are decoded and resized one after
 * another, on other threads.
 *
 * @throws InceptError what `decode` throws, and `memory/exhausted`; where there are several, the
 *   message opens with the picture's place: `images[1]: `
 * @throws the signal's reason, before the next picture is read
 */
export async function picturesTensor(
  pictures: readonly Picture[],
  { shape, image }: PictureInput,
  native: Preparer,
  { signal, maxPixels }: PrepareOptions,
): Promise<Float32Array> {
  signal?.throwIfAborted();
  const size = elements(shape);
  const what = `The tensor of ${counted(pictures.length, "picture")}`;
  const tensor = allocate(Float32Array, pictures.length * size, what);
  for (const [i, picture] of pictures.entries()) {
    signal?.throwIfAborted();
    const part = tensor.subarray(i * size, (i + 1) * size);
    try {
      const raster = await decode(picture, { maxPixels });
      await native
        .preparePictures([raster], image, part)
        .catch((error) => failed(picture, raster, error));
    } catch (error) {
      throw pictures.length === 1 ? error : ofList(error, i);
    }
  }
  return tensor;
}

/** Says which picture of a list it was: those in memory have no names of their own. */
function ofList(error: unknown, index: number): unknown {
  if (!(error instanceof InceptError) || error.code === "image/no-decoder") return error;
  const { code, message, help } = error;
  const about = help === undefined ? {} : { help };
  return new InceptError(code, `images[${index}]: ${message}`, { ...about, cause: error });
}

function failed({ name }: Picture, { width, height }: Raster, cause: unknown): never {
  if ((cause as NodeJS.ErrnoException).code !== "memory/exhausted") throw cause;
  const message = `${name} finds no memory to be resized: it has ${width} x ${height} pixels.`;
  throw new InceptError("memory/exhausted", message, { help: "give a smaller picture", cause });
}
