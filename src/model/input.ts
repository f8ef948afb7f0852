/** `input image: f32[3, 224, 224] from image(…)` */
import { likening } from "../diagnostics/mending.js";
import { count, pair, perChannel, positive, word } from "../ops/kinds.js";
import { channels, formatShape, isImage, plane, type Shape } from "../ops/shape.js";
import { named, optional, signature } from "../ops/signature.js";
import type { Call, Input } from "../syntax/ast.js";
import { bind, readAs } from "./evaluate.js";
import { lintImage } from "./lint-image.js";
import type { ImageInput } from "./network.js";
import { fits } from "./problems.js";
import { report } from "./site.js";
import type { Site } from "./unit.js";

const imageSignature = signature({
  resize: optional(count, "The short side after resizing; the input's larger side unless written."),
  crop: optional(pair(1), "Height and width of the centre crop: the input's."),
  order: named(word("rgb", "bgr"), "rgb", "Which channel comes first."),
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
  readonly image?: ImageInput | undefined;
}

export function readInput(input: Input, site: Site): ReadInput {
  const shape = readShape(input, site);
  if (input.from === undefined) return { shape };
  return { shape, image: readImage(input.from, shape, site) };
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
  const [height, width] = plane(shape);
  const crop = args.crop ?? [height, width];
  const resize = args.resize ?? Math.max(height, width);
  const { order, range, mean, std } = args;
  const why = contradiction(shape, { crop, resize, mean, std });
  if (why !== undefined) {
    report(site, "model/image", { why }, { span: call.span });
    return undefined;
  }
  const image = { resize, crop, order, range, mean: perColor(mean), std: perColor(std) };
  lintImage({ call, signature: imageSignature, ...image }, site);
  return image;
}

function contradiction(
  shape: Shape,
  { crop, resize, mean, std }: Pick<ImageInput, "crop" | "resize" | "mean" | "std">,
): string | undefined {
  if (!isImage(shape) || channels(shape) !== 3) {
    return `An image has 3 channels; this input is ${formatShape(shape)}.`;
  }
  const size = plane(shape).join("x");
  if (crop.join("x") !== size) return `The crop is ${crop.join("x")}, but the input is ${size}.`;
  if (resize < Math.max(...crop)) {
    return `An image resized to ${resize} may be smaller than its crop, ${crop.join("x")}.`;
  }
  for (const [name, list] of Object.entries({ mean, std })) {
    if (list.length !== 1 && list.length !== 3) {
      return `${name} has ${list.length} numbers for 3 channels.`;
    }
  }
  return undefined;
}

const perColor = (values: readonly number[]): readonly number[] =>
  values.length === 1 ? [values[0]!, values[0]!, values[0]!] : values;
