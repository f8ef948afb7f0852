/** `from image(…)`: how a picture becomes the input. */
import { likening } from "../../diagnostics/mending.js";
import { count, pair, perChannel, positive, word } from "../../ops/kinds.js";
import { channels, formatShape, isImage, plane, type Shape } from "../../ops/shape.js";
import { type ArgsIn, named, optional, signature, type Signature } from "../../ops/signature.js";
import type { Pair } from "../../ops/window.js";
import type { Call } from "../../syntax/ast.js";
import { bind } from "../values/evaluate.js";
import { writtenArgument } from "../mend/rewrite.js";
import type { ImageInput } from "../network.js";
import { report } from "../scope/site.js";
import type { Site } from "../scope/unit.js";
import { lintImage } from "./lint-image.js";
import { type Preset, type PresetName, presetNames, presets } from "./image-presets.js";

const written = signature({
  preset: optional(
    word(...presetNames),
    "What a framework does; the other arguments say otherwise.",
  ),
  resize: optional(
    count,
    "The short side after resizing, or both where it is stretched; the input's unless written.",
  ),
  crop: optional(pair(1), "Height and width of the centre crop: the input's."),
  fit: named(word("crop", "stretch"), "crop", "Keeps the picture's proportions, or gives them up."),
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

type ImageArgs = ArgsIn<typeof written>;

/** A preset's arguments stand where the call has none of its own. */
const imageSignature: Signature<ImageArgs> = {
  args: written.args,
  complete: (given) => {
    const preset = given.get("preset") as PresetName | undefined;
    const own = [...given].filter(([, value]) => value !== undefined);
    return written.complete(
      new Map([...(preset === undefined ? [] : Object.entries(presets[preset].image)), ...own]),
    );
  },
};

export function readImage(
  call: Call,
  shape: Shape | undefined,
  site: Site,
): ImageInput | undefined {
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
  const wrong = contradiction(call, shape, args);
  if (wrong !== undefined) {
    report(site, "model/image", { why: wrong.why }, { span: call.span, help: wrong.help });
    return undefined;
  }
  const size = plane(shape);
  const { fit, resize, interpolation, range, mean, std } = args;
  const image: ImageInput = {
    size,
    fit,
    ...resizeOf(size, fit, resize),
    interpolation,
    order: channels(shape) === 1 ? "luma" : (args.order ?? "rgb"),
    range,
    mean: eachChannel(mean, shape),
    std: eachChannel(std, shape),
  };
  lintImage({ call, signature: imageSignature, ...image }, site);
  return image;
}

/** Stretched to the input's own sides, a picture needs no others. */
function resizeOf(
  size: Pair,
  fit: ImageInput["fit"],
  resize = fit === "crop" ? Math.max(...size) : undefined,
): Pick<ImageInput, "resize"> {
  return resize === undefined ? {} : { resize };
}

interface Contradiction {
  readonly why: string;
  readonly help?: string;
}

function contradiction(call: Call, shape: Shape, args: ImageArgs): Contradiction | undefined {
  if (!isImage(shape) || ![1, 3].includes(channels(shape))) {
    const is = formatShape(shape);
    return { why: `An image has 3 channels, or 1 for its luma; this input is ${is}.` };
  }
  return (
    ofPreset(call, shape, args) ?? ofSizes(plane(shape), args) ?? ofChannels(channels(shape), args)
  );
}

function ofSizes(size: Pair, { resize, crop }: ImageArgs): Contradiction | undefined {
  const input = size.join("x");
  const cut = (crop ?? size).join("x");
  if (cut !== input) return { why: `The crop is ${cut}, but the input is ${input}.` };
  if (resize !== undefined && resize < Math.max(...size)) {
    return { why: `An image resized to ${resize} may be smaller than its crop, ${cut}.` };
  }
  return undefined;
}

/** Presets are of colours, and how much of a picture is cropped away belongs to an input's size. */
function ofPreset(call: Call, shape: Shape, { preset }: ImageArgs): Contradiction | undefined {
  if (preset === undefined) return undefined;
  const { side, image }: Preset = presets[preset];
  if (channels(shape) === 1) {
    return {
      why: `The preset ${preset} is for an input of 3 channels; this one has 1, the luma.`,
      help: "leave preset out, and write what it would say: resize, mean, std",
    };
  }
  const isOwn = writtenArgument(call, { signature: imageSignature }, "resize") !== undefined;
  if (isOwn || image.resize === undefined) return undefined;
  const size = plane(shape);
  const [most, longest] = [side ?? image.resize, Math.max(...size)];
  if (side === undefined ? longest <= most : size.every((each) => each === side)) return undefined;
  const alike = Math.round((image.resize * longest) / (side ?? usualSide));
  const upTo = side === undefined ? "up to " : "";
  return {
    why: `The preset ${preset} is for an input of ${upTo}${most}x${most}; this one is ${size.join("x")}.`,
    help: `write resize: ${alike}, which leaves as much of a picture away`,
  };
}

/** Of most networks for ImageNet. */
const usualSide = 224;

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
