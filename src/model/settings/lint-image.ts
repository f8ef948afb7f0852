/** `style/image-*`: arguments of `from image(…)` that contradict one another. */
import type { Span } from "../../diagnostics/diagnostic.js";
import { suggesting, type Mending } from "../../diagnostics/mending.js";
import type { Signature } from "../../ops/signature.js";
import type { Call } from "../../syntax/ast.js";
import { rewritten, writtenArgument, type Texts } from "../mend/rewrite.js";
import { alternatives } from "../mend/say.js";
import type { ImageInput } from "../network.js";
import { report } from "../scope/site.js";
import { meanOf, recogniseMean, recogniseStd } from "./statistics.js";
import type { Site } from "../scope/unit.js";

interface Written extends Pick<ImageInput, "order" | "range" | "mean" | "std"> {
  readonly call: Call;
  readonly signature: Signature<unknown>;
}

export function lintImage(image: Written, site: Site): void {
  lintOrder(image, site);
  if (!lintScale(image, site)) lintMissingMean(image, site);
}

/** A known mean, or the std of the same pictures, from red to blue where blue comes first. */
function lintOrder(image: Written, site: Site): void {
  const { order, mean, std } = image;
  const [byMean, byStd] = [recogniseMean(mean), recogniseStd(std)];
  if (byMean === undefined || order === "luma") return;
  const turnedMean = byMean.order !== order;
  const turnedStd = byStd?.whose === byMean.whose && byStd.order !== order;
  if (!turnedMean && !turnedStd) return;
  const what = turnedMean ? "mean" : "std";
  report(
    site,
    "style/image-order",
    { order, what, whose: byMean.whose },
    {
      span: placeOf(image, what),
      ...alternatives([
        turnedMean ? write(image, { order: byMean.order }) : undefined,
        write(image, {
          ...(turnedMean && { mean: listed([...mean].reverse()) }),
          ...(turnedStd && { std: listed([...std].reverse()) }),
        }),
      ]),
    },
  );
}

/** A range from here on is one of bytes. */
const bytes = 100;

/** A mean or std of pixels from 0 to 1 where they go to 255, or the other way round. */
function lintScale(image: Written, site: Site): boolean {
  const { range, mean, std } = image;
  const [most, widest, narrowest] = [Math.max(...mean), Math.max(...std), Math.min(...std)];
  const small = (value: number): boolean => value > 0 && value <= 1;
  const of = (what: "mean" | "std", value: number, help: Mending | undefined): boolean => {
    report(
      site,
      "style/image-range",
      { range, what, value },
      { span: placeOf(image, what), ...help },
    );
    return true;
  };
  const inBytes = { range: "255" };
  if (most > range) {
    if (most > 255 || most <= 1) return of("mean", most, undefined);
    // A std of pixels from 0 to 1 says that they are meant, and the mean is the odd one.
    const texts = widest < 1 ? { mean: scaled(mean, 1 / 255) } : inBytes;
    return of("mean", most, write(image, texts));
  }
  if (range >= bytes && small(most)) {
    return of(
      "mean",
      most,
      write(image, widest > 1 ? { mean: scaled(mean, range) } : { range: "1" }),
    );
  }
  if (range >= bytes && narrowest < 1) {
    const inverse = narrowest < 0.1;
    const texts = {
      std: inverse ? listed(std.map((value) => round(1 / value))) : scaled(std, range),
    };
    return of("std", narrowest, write(image, texts));
  }
  if (range <= 1 && widest >= 10) {
    const texts = most === 0 ? inBytes : { std: scaled(std, 1 / 255) };
    return of("std", widest, write(image, texts));
  }
  return false;
}

/** Pixels that are only divided stay positive: a std was taken around a mean. */
function lintMissingMean(image: Written, site: Site): void {
  const { range, std } = image;
  const [narrowest, widest] = [Math.min(...std), Math.max(...std)];
  // Divided by their range, or by more, they are only scaled.
  const nothing = written(image, "std") === undefined || (narrowest === 1 && widest === 1);
  if (nothing || written(image, "mean") !== undefined || widest >= range) return;
  const half = narrowest === range / 2 && widest === narrowest ? [narrowest] : undefined;
  const mean = meanOf(std) ?? half;
  const none = { help: "write mean: 0 if nothing is to be subtracted" };
  report(
    site,
    "style/image-mean",
    { most: round(range / narrowest) },
    {
      span: placeOf(image, "std"),
      ...alternatives([mean && write(image, { mean: listed(mean.map(round)) }), none]),
    },
  );
}

const written = ({ call, signature }: Written, name: string) =>
  writtenArgument(call, { signature }, name);

const placeOf = (image: Written, name: string): Span =>
  written(image, name)?.span ?? image.call.span;

function write({ call, signature }: Written, texts: Texts): Mending {
  const said = Object.entries(texts).map(([name, text]) => `${name}: ${text}`);
  return suggesting(`write ${said.join(" and ")}`, ...rewritten(call, { signature }, texts).edits);
}

const round = (value: number): number => Number(value.toPrecision(4));

const scaled = (values: readonly number[], factor: number): string =>
  listed(values.map((value) => round(value * factor)));

/** One number where all are the same. */
const listed = (values: readonly number[]): string =>
  new Set(values).size === 1 ? `${values[0]}` : `[${values.join(", ")}]`;
