/** Many pictures of a batch at once: what training reads. */
import { InceptError } from "../../diagnostics/incept-error.js";
import { elements } from "../../ops/shape.js";
import { fromNative } from "../addon.js";
import { allocate } from "../../files/allocate.js";
import type { Cut } from "./cut.js";
import { decode } from "./decode.js";
import type { Picture } from "./picture.js";
import type { PictureInput, Preparer } from "./prepare.js";
import type { Raster } from "./raster.js";

/** A picture of a batch. */
export interface BatchPicture {
  /** As messages name it. */
  readonly name: string;
  /** How it is cut. Default: the centre, as inference has it. */
  readonly cut?: Cut;
  readonly open: () => Promise<Picture>;
}

/** What became of a batch: `tensor` has those that `broken` has not, in their order. */
export interface PreparedBatch {
  readonly tensor: Float32Array;
  /** By place in the batch. */
  readonly broken: ReadonlyMap<number, InceptError>;
}

/** As many pictures are decoded at a time. */
const lanes = 4;

/** Decoded pictures are collected up to as many bytes, and then prepared by one call. */
const runBytes = 1 << 20;

/**
 * Decodes pictures and prepares them, on other threads. At any time `lanes` of them are held decoded,
 * and small ones up to a megabyte beyond that.
 *
 * @throws what is not about a picture
 * @throws the signal's reason, before the next picture is read
 */
export async function prepareBatch(
  pictures: readonly BatchPicture[],
  { shape, image }: PictureInput,
  native: Preparer,
  signal: AbortSignal,
): Promise<PreparedBatch> {
  const each = elements(shape);
  const tensor = allocate(Float32Array, pictures.length * each, "A batch of pictures");
  const broken = new Map<number, InceptError>();

  const lane = async (from: number, to: number): Promise<void> => {
    let run: Raster[] = [];
    const prepare = async (end: number): Promise<void> => {
      const begin = end - run.length;
      if (run.length === 0) return;
      const part = tensor.subarray(begin * each, end * each);
      const cuts = pictures.slice(begin, end).map(({ cut = centre }) => cut);
      const rasters = run;
      run = [];
      await native.preparePictures(rasters, image, part, cuts).catch((error) => {
        throw fromNative(error);
      });
    };
    for (let i = from; i < to; i++) {
      signal.throwIfAborted();
      const found = await decodedOf(pictures[i]!);
      if (found instanceof InceptError) {
        broken.set(i, found);
        await prepare(i);
        continue;
      }
      run.push(found);
      const held = run.reduce((sum, { data }) => sum + data.length, 0);
      if (held >= runBytes) await prepare(i + 1);
    }
    await prepare(to);
  };

  const share = Math.ceil(pictures.length / lanes);
  const starts = Array.from({ length: lanes }, (_, i) => Math.min(i * share, pictures.length));
  const ended = await Promise.allSettled(
    starts.map((start) => lane(start, Math.min(start + share, pictures.length))),
  );
  const failed = ended.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return { tensor: without(tensor, each, broken), broken };
}

const centre: Cut = { x: 0, y: 0, flip: false };

/** The picture decoded, or what is wrong with it. */
async function decodedOf({ name, open }: BatchPicture): Promise<Raster | InceptError> {
  try {
    const picture = await open();
    return await decode({ name, read: () => picture.read() });
  } catch (error) {
    if (isOfPicture(error)) return named(error, name);
    throw error;
  }
}

/** Whether an error is about one picture: others may still be read. */
export const isOfPicture = (error: unknown): error is InceptError =>
  error instanceof InceptError && about.test(error.code);

const about = /^(image\/(unreadable|too-large)|file\/.*|data\/changed|memory\/exhausted)$/;

/** Says which picture it was, where the error does not. */
function named(error: InceptError, name: string): InceptError {
  const { code, message, help } = error;
  if (message.includes(name)) return error;
  const about = help === undefined ? {} : { help };
  return new InceptError(code, `${name}: ${message}`, { ...about, cause: error });
}

/** Moves what is behind a broken picture to its place. */
function without(
  tensor: Float32Array,
  each: number,
  broken: PreparedBatch["broken"],
): Float32Array {
  if (broken.size === 0) return tensor;
  let kept = 0;
  for (let i = 0; i * each < tensor.length; i++) {
    if (broken.has(i)) continue;
    tensor.copyWithin(kept * each, i * each, (i + 1) * each);
    kept++;
  }
  return tensor.subarray(0, kept * each);
}
