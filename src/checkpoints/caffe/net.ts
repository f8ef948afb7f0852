import type { Pages } from "../pages.js";
import { type Numbers, requireBytes, sizesOf, textOf } from "../protobuf/values.js";
import { countOf } from "../protobuf/values.js";
import { type Field, Messages } from "../protobuf/wire.js";

/** A layer of a `NetParameter` (caffe.proto), of whichever of its three generations. */
export interface Layer {
  readonly name: string;
  /** As `LayerParameter` writes it: `Convolution`, `BatchNorm`. */
  readonly type: string;
  readonly bottoms: readonly string[];
  readonly tops: readonly string[];
  readonly blobs: readonly Blob[];
  /** An InnerProduct whose weight is stored in, out. */
  readonly transpose: boolean;
}

/** A `BlobProto`: an array of numbers. */
export interface Blob {
  readonly shape: readonly number[];
  readonly numbers: Numbers;
}

/** Where each generation has what is read of a layer. */
interface LayerFields {
  readonly name: number;
  readonly type: number;
  readonly bottom?: number;
  readonly top?: number;
  readonly blobs: number;
  readonly innerProduct?: number;
  /** The whole of a layer of the oldest files is in one field. */
  readonly inside?: number;
}

const layerParameter: LayerFields = {
  name: 1,
  type: 2,
  bottom: 3,
  top: 4,
  blobs: 7,
  innerProduct: 117,
};
const v1Layer: LayerFields = { name: 4, type: 5, bottom: 2, top: 3, blobs: 6, inside: 1 };
const v0Layer: LayerFields = { name: 1, type: 2, blobs: 50 };

/** `NetParameter`: `layers` of before 2014, `layer` since. */
const layersOf: ReadonlyMap<number, LayerFields> = new Map([
  [2, v1Layer],
  [100, layerParameter],
]);

/** `V1LayerParameter.LayerType` and `V0LayerParameter.type` of what has a shape of its own here. */
const olderTypes: ReadonlyMap<string, string> = new Map([
  ["4", "Convolution"],
  ["14", "InnerProduct"],
  ["39", "Deconvolution"],
  ["conv", "Convolution"],
  ["innerproduct", "InnerProduct"],
]);

/**
 * The layers of a .caffemodel in their order; of their blobs only where they are.
 *
 * @throws InceptError `weights/damaged`, `weights/truncated`
 */
export async function readNet(pages: Pages): Promise<readonly Layer[]> {
  const messages = new Messages(pages);
  const layers: Layer[] = [];
  for await (const field of messages.fields({ begin: 0, end: pages.size }, "the file")) {
    const fields = layersOf.get(field.number);
    if (fields === undefined) continue;
    const what = `layer ${layers.length + 1}`;
    requireBytes(pages, field, what);
    layers.push(await readLayer(messages, pages, field, fields, what));
  }
  return layers;
}

async function readLayer(
  messages: Messages,
  pages: Pages,
  message: Field,
  fields: LayerFields,
  what: string,
): Promise<Layer> {
  let name = "";
  let type = "";
  let transpose = false;
  const bottoms: string[] = [];
  const tops: string[] = [];
  const blobs: Blob[] = [];
  for await (const field of messages.fields(message, what)) {
    switch (field.number) {
      case fields.inside:
        requireBytes(pages, field, what);
        return readLayer(messages, pages, field, v0Layer, what);
      case fields.name:
        name = await textOf(pages, field, `the name of ${what}`);
        break;
      case fields.type:
        type =
          fields === v1Layer ? `${field.value}` : await textOf(pages, field, `the type of ${what}`);
        break;
      case fields.bottom:
        bottoms.push(await textOf(pages, field, `an input of ${what}`));
        break;
      case fields.top:
        tops.push(await textOf(pages, field, `an output of ${what}`));
        break;
      case fields.blobs: {
        const blob = `blob ${blobs.length} of ${what}`;
        requireBytes(pages, field, blob);
        blobs.push(await readBlob(messages, pages, field, blob));
        break;
      }
      case fields.innerProduct:
        requireBytes(pages, field, what);
        transpose = await isTransposed(messages, field, what);
        break;
    }
  }
  return { name, type: olderTypes.get(type) ?? type, bottoms, tops, blobs, transpose };
}

/** `InnerProductParameter.transpose` */
async function isTransposed(messages: Messages, field: Field, what: string): Promise<boolean> {
  let transpose = false;
  for await (const { number, value } of messages.fields(field, what)) {
    if (number === 6) transpose = value !== 0;
  }
  return transpose;
}

const blobFields = { num: 1, width: 4, data: 5, shape: 7, doubleData: 8 } as const;

async function readBlob(
  messages: Messages,
  pages: Pages,
  message: Field,
  what: string,
): Promise<Blob> {
  const legacy = [0, 0, 0, 0];
  let shape: readonly number[] | undefined;
  const singles: Field[] = [];
  const doubles: Field[] = [];
  for await (const field of messages.fields(message, what)) {
    const { number } = field;
    if (number >= blobFields.num && number <= blobFields.width) {
      legacy[number - blobFields.num] = countOf(pages, field, `a size of ${what}`);
    } else if (number === blobFields.data) singles.push(field);
    else if (number === blobFields.doubleData) doubles.push(field);
    else if (number === blobFields.shape) {
      requireBytes(pages, field, what);
      shape = await readShape(messages, pages, field, what);
    }
  }
  // As Caffe reads it: doubles where there are any.
  const numbers: Numbers =
    doubles.length > 0 ? { dtype: "F64", fields: doubles } : { dtype: "F32", fields: singles };
  return { shape: shape ?? legacy, numbers };
}

/** `BlobShape.dim` */
async function readShape(
  messages: Messages,
  pages: Pages,
  message: Field,
  what: string,
): Promise<readonly number[]> {
  const dims: Field[] = [];
  for await (const field of messages.fields(message, what)) {
    if (field.number === 1) dims.push(field);
  }
  return sizesOf(pages, dims, `a size of ${what}`);
}
