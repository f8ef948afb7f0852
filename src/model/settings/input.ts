/** `input image: f32[3, 224, 224] from image(…)` */
import { likening } from "../../diagnostics/mending.js";
import { count, pair, perChannel, positive, word } from "../../ops/kinds.js";
import { channels, formatShape, isImage, plane, type Shape } from "../../ops/shape.js";
import { type ArgsIn, named, optional, signature } from "../../ops/signature.js";
import type { Traces } from "../../ops/trace.js";
import type { Pair } from "../../ops/window.js";
import type { Call, Input } from "../../syntax/ast.js";
import { bind, readAs } from "../values/evaluate.js";
import { lintImage } from "./lint-image.js";
import type { ImageInput } from "../network.js";
import { fits } from "../mend/problems.js";
import { report } from "../scope/site.js";
import { traceOf } from "../flow/traces.js";
import type { Site } from "../scope/unit.js";

const imageSignature = signature({
  resize: optional(count, "The short side after resizing; the input's larger side unless written."),
  crop: optional(pair(1), "Height and width of the centre crop: the input's."),
  fit: named(word("crop", "stretch"), "crop", "Crops the centre, or resizes both sides."),
  interpolation: named(
    word("nearest", "bilinear", "bicubic"),
    "bilinear",
    "How it is resized: as PIL does, antialiased but for `nearest`.",
  ),
  order: optional(word("rgb", "bgr"), "Which of 3 channels comes first: `rgb`."),
  range: named(positive, 1, "What a byte of 255 becomes before the mean is subtracted."),
  mean: named(perChannel(), [0], "Subtracted: a number, or a list in `order`.", "0"),
  std: named(
    perChannel({ expected: "a number above 0", holds: (x) => x > 0 }),
    [1],
    "Divided by: a number, or a list in `order`.",
    "1",
  ),
});

export interface ReadInput {
  readonly shape: Shape | undefined;
  readonly traces: Traces;
  readonly image?: ImageInput | undefined;
}

export function readInput(input: Input, site: Site): ReadInput {
  const shape = readShape(input, site);
  const traces = input.dims.map((dim) => traceOf(dim, site));
  if (input.from === undefined) return { shape, traces };
  return { shape, traces, image: readImage(input.from, shape, site) };
}

function readShape({ name, dims, span }: Input, site: Site): Shape | undefined {
  const callee = name.text;
  const sides = dims.map((dim, i) => {
    const side = dims.length === 3 ? (["channels", "height", "width"][i] ?? "") : "length";
    return readAs(dim, count, { name: side, callee }, site)?.value;
  });
  if (dims.length !== 1 && dims.length !== 3) {
    const help =
      dims.length === 4
        ? "leave the batch out: it is free at run time"
        : "write f32[channels, height, width]";
    report(site, "model/input-shape", { dims: dims.length }, { span: spanOf(dims, span), help });
    return undefined;
  }
  if (!sides.every((side) => side !== undefined)) return undefined;
  return fits("input", sides, spanOf(dims, span), site) ? sides : undefined;
}

const spanOf = (dims: Input["dims"], otherwise: Input["span"]): Input["span"] => {
  const [first, last] = [dims[0], dims.at(-1)];
  if (first === undefined || last === undefined) return otherwise;
  return { source: first.span.source, start: first.span.start, end: last.span.end };
};

function readImage(call: Call, shape: Shape | undefined, site: Site): ImageInput | undefined {
  const { text, span } = call.name;
  if (text !== "image") {
    const near = likening(text, { words: ["image"] }, span);
    const help = "write from image(…)";
    report(
      site,
      "name/unknown",
      { what: "source of an input", name: text },
      { span, help, ...near },
    );
    return undefined;
  }
  const args = bind(call, imageSignature, site);
  if (args === undefined || shape === undefined) return undefined;
  const wrong = contradiction(shape, args);
  if (wrong !== undefined) {
    report(site, "model/image", { why: wrong.why }, { span: call.span, help: wrong.help });
    return undefined;
  }
  const size = plane(shape);
  const { fit, resize = Math.max(...size), interpolation, range, mean, std } = args;
  const image: ImageInput = {
    size,
    fit,
    ...(fit === "crop" ? { resize } : {}),
    interpolation,
    order: channels(shape) === 1 ? "luma" : (args.order ?? "rgb"),
    range,
    mean: eachChannel(mean, shape),
    std: eachChannel(std, shape),
  };
  lintImage({ call, signature: imageSignature, ...image }, site);
  return image;
}

interface Contradiction {
  readonly why: string;
  readonly help?: string;
}

type ImageArgs = ArgsIn<typeof imageSignature>;

function contradiction(shape: Shape, args: ImageArgs): Contradiction | undefined {
  if (!isImage(shape) || ![1, 3].includes(channels(shape))) {
    const is = formatShape(shape);
    return { why: `An image has 3 channels, or 1 for its luma; this input is ${is}.` };
  }
  return ofSizes(plane(shape), args) ?? ofChannels(channels(shape), args);
}

function ofSizes(size: Pair, { fit, resize, crop }: ImageArgs): Contradiction | undefined {
  const input = size.join("x");
  if (fit === "stretch") {
    const unused = Object.entries({ resize, crop }).flatMap(([name, value]) =>
      value === undefined ? [] : [name],
    );
    if (unused.length === 0) return undefined;
    return {
      why: `fit: stretch resizes both sides to the input's ${input}; it takes no ${unused.join(" and no ")}.`,
      help: `leave ${unused.join(" and ")} out, or write fit: crop`,
    };
  }
  const cut = (crop ?? size).join("x");
  if (cut !== input) return { why: `The crop is ${cut}, but the input is ${input}.` };
  if (resize !== undefined && resize < Math.max(...size)) {
    return { why: `An image resized to ${resize} may be smaller than its crop, ${cut}.` };
  }
  return undefined;
}

function ofChannels(count: number, { order, mean, std }: ImageArgs): Contradiction | undefined {
  if (count === 1 && order !== undefined) {
    return {
      why: `The input has 1 channel, the luma: there is no order ${order} in it.`,
      help: "leave order out",
    };
  }
  for (const [name, { length }] of Object.entries({ mean, std })) {
    if (length !== 1 && length !== count) {
      const channels = `${count} channel${count === 1 ? "" : "s"}`;
      return { why: `${name} has ${length} numbers for ${channels}.` };
    }
  }
  return undefined;
}

const eachChannel = (values: readonly number[], shape: Shape): readonly number[] =>
  Array.from({ length: channels(shape) }, (_, c) => values[values.length === 1 ? 0 : c]!);
