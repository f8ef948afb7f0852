/** Answers for the pictures of a verb, each for itself: one that is none takes nobody else's. */
import { InceptError } from "../diagnostics/incept-error.js";
import { shownPath } from "../files/display.js";
import { cannotRead } from "../files/failure.js";
import { openRegular } from "../files/open.js";
import type { Classification } from "../runtime/classify.js";
import { requireFormat } from "../runtime/image/decode.js";
import { signatureBytes } from "../runtime/image/format.js";
import type { ClassifyOptions } from "../runtime/options.js";

/** A picture, with what is wrong with it. */
interface Unread {
  readonly image: string;
  readonly error: InceptError;
}

export type Answer =
  { readonly image: string; readonly classes: readonly Classification[] } | Unread;

/** What is known of a picture before it is decoded. */
export type Looked = { readonly image: string } | Unread;

/** Looks at the files before a network is compiled: that each is one, and begins as pictures do. */
export async function lookAt(images: readonly string[]): Promise<readonly Looked[]> {
  const looked: Looked[] = [];
  for (const image of images) {
    const error = await faultOf(image);
    looked.push(error === undefined ? { image } : { image, error });
  }
  return looked;
}

async function faultOf(image: string): Promise<InceptError | undefined> {
  try {
    const file = await openRegular({ path: image, what: "a picture" });
    try {
      const head = Buffer.alloc(signatureBytes);
      const { bytesRead } = await file.read(head, 0, head.length, 0);
      requireFormat(shownPath(image), head.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    return ofPicture(cannotRead({ path: image, what: "a picture" }, error));
  }
  return undefined;
}

/** What classifies: a model, as far as it is asked. */
export interface Classifier {
  /** Images of one native call. */
  readonly info: { readonly maxBatch: number };
  classify(images: readonly string[], options: ClassifyOptions): Promise<Classification[][]>;
}

/** Answers in the order of the pictures, each batch computed at once. */
export async function answersOf(
  model: Classifier,
  images: readonly string[],
  options: ClassifyOptions,
): Promise<readonly Answer[]> {
  const { maxBatch } = model.info;
  const all: Answer[] = [];
  for (let i = 0; i < images.length; i += maxBatch) {
    all.push(...(await batchAnswers(model, images.slice(i, i + maxBatch), options)));
  }
  return all;
}

/**
 * Classifies a batch at once. Where that fails by a picture, each half is a batch of its own, so that
 * the rest still runs together.
 *
 * @throws what is not about a picture
 */
async function batchAnswers(
  model: Classifier,
  images: readonly string[],
  options: ClassifyOptions,
): Promise<readonly Answer[]> {
  try {
    const all = await model.classify(images, options);
    return images.map((image, i) => ({ image, classes: all[i] ?? [] }));
  } catch (cause) {
    const error = ofPicture(cause);
    const [image, ...others] = images;
    if (image !== undefined && others.length === 0) return [{ image, error }];
    const half = images.length >> 1;
    return [
      ...(await batchAnswers(model, images.slice(0, half), options)),
      ...(await batchAnswers(model, images.slice(half), options)),
    ];
  }
}

/** @throws the error itself where it is about more than the picture: no other would fare better */
function ofPicture(error: unknown): InceptError {
  if (error instanceof InceptError && about.test(error.code)) return error;
  throw error;
}

const about = /^(image\/(unreadable|too-large)|file\/.*|memory\/exhausted)$/;
