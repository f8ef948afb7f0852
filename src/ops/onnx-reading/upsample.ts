import type { OnnxReading, OnnxRole } from "../onnx.js";
import type { Pair } from "../window.js";
import { type Dims, type NodeReader, reads, refuse } from "./reader.js";

export interface UpsampleAttrs {
  readonly factor: Pair;
}

/** What repeats each pixel a whole number of times. */
export const upsampleReaders = reads<UpsampleAttrs>({
  Resize: (node) => {
    if (isSpread(node)) return readResize(node, () => undefined);
    return hasMode(node, "nearest") ? readResize(node, sameEverywhere) : undefined;
  },
  Upsample: (node) => (hasMode(node, "nearest") ? readUpsample(node) : undefined),
});

/** What mixes pixels, each of which is known in its middle. */
export const bilinearReaders = reads<UpsampleAttrs>({
  Resize: (node) =>
    !isSpread(node) && hasMode(node, "linear") ? readResize(node, fromMiddles) : undefined,
  Upsample: (node) => (hasMode(node, "linear") ? fromMiddles("asymmetric") : undefined),
});

const attribute = "attribute" as const;

/** Of one pixel every way makes the same, those too that have no word here for more. */
function isSpread(node: NodeReader): boolean {
  const [, height, width] = node.image(0);
  const mode = node.text("mode", "nearest");
  const places = node.text("coordinate_transformation_mode", "half_pixel");
  const isKnown = mode === "nearest" || (mode === "linear" && middles.includes(places));
  return height === 1 && width === 1 && !isKnown;
}

const middles = ["half_pixel", "pytorch_half_pixel", "half_pixel_symmetric"];

function hasMode(node: NodeReader, wanted: "nearest" | "linear"): boolean {
  const mode = node.text("mode", "nearest");
  if (mode !== "nearest" && mode !== "linear")
    refuse(`has mode ${mode}; here that is nearest or linear`);
  return mode === wanted;
}

function readUpsample(node: NodeReader): OnnxReading<UpsampleAttrs> {
  const dims = node.image(0);
  if (node.opset < 9) return { attrs: { factor: factorSaid(node) }, roles: ["input"] };
  return { attrs: { factor: factorOf(node, 1, undefined, dims) }, roles: ["input", attribute] };
}

/** As an attribute, before opset 9. */
function factorSaid(node: NodeReader): Pair {
  const [images, channels, height, width, ...more] = node.integers("scales") ?? [];
  const isWhole = images === 1 && channels === 1 && more.length === 0;
  if (!isWhole || height === undefined || width === undefined || Math.min(height, width) < 1)
    refuse("has scales that are no whole factors of height and width");
  return [height, width];
}

/**
 * Regions of interest, which nothing here asks for, stand between the image and the factors.
 *
 * @param places refuses where pixels may not lie
 */
function readResize(
  node: NodeReader,
  places: (mode: string, rounding: string) => void,
): OnnxReading<UpsampleAttrs> {
  const dims = node.image(0);
  for (const name of ["cubic_coeff_a", "extrapolation_value"]) node.float(name, 0);
  node.flag("exclude_outside");
  node.text("mode", "nearest");
  node.only("antialias", 0, "here it is 0");
  const policy = node.text("keep_aspect_ratio_policy", "stretch");
  if (policy !== "stretch") refuse(`has keep_aspect_ratio_policy ${policy}; here it is stretch`);
  const isOld = node.opset < 11;
  const scales = isOld ? 1 : 2;
  // Before opset 11 a node does not say where pixels lie: they lie as `asymmetric` says.
  const mode = node.text("coordinate_transformation_mode", isOld ? "asymmetric" : "half_pixel");
  const rounding = node.text("nearest_mode", isOld ? "floor" : "round_prefer_floor");
  places(mode, rounding);
  const factor = factorOf(node, scales, scales + 1, dims);
  const roles: OnnxRole[] = ["input", attribute, attribute, ...(scales === 2 ? [attribute] : [])];
  return { attrs: { factor }, roles };
}

/** These differ only where a side would shrink to 1, or a factor is not whole. */
function fromMiddles(mode: string): undefined {
  if (middles.includes(mode)) return;
  const why =
    mode === "align_corners"
      ? "the outermost pixels stay at the corners"
      : `pixels lie as ${mode} says`;
  refuse(
    `has mode linear, and ${why}; here each lies in the middle of what it becomes, as half_pixel`,
  );
}

/** For whole factors these give one result. */
function sameEverywhere(places: string, rounding: string): void {
  const middle = ["half_pixel", "pytorch_half_pixel"].includes(places);
  const alike = middle ? rounding.startsWith("round_prefer_") : places === "asymmetric";
  if (alike && (middle || rounding === "floor")) return;
  refuse(
    `has coordinate_transformation_mode ${places} and nearest_mode ${rounding}; here each pixel is repeated as often`,
  );
}

/** From factors, or from sizes where the image's own are known; of all axes, or of those that are named. */
function factorOf(node: NodeReader, scales: number, sizes: number | undefined, dims: Dims): Pair {
  const listed = (operand: number | undefined): readonly number[] =>
    operand !== undefined && node.has(operand) ? Array.from(node.constant(operand).values) : [];
  const [given, wanted] = [listed(scales), listed(sizes)];
  const said = given.length > 0 ? given : wanted;
  const axes = node.opset < 18 ? undefined : node.integers("axes");
  const over = axes?.map((axis) => node.axis(axis, [undefined, ...dims])) ?? [0, 1, 2, 3];
  const side = (axis: number): number => {
    const at = over.indexOf(axis);
    const own = axis === 0 ? undefined : dims[axis - 1];
    if (at < 0) return 1;
    return given.length > 0 ? given[at]! : own === undefined ? NaN : wanted[at]! / own;
  };
  const factor: Pair = [side(2), side(3)];
  // Of the batch nothing is known where sizes are said.
  const others = [side(0), side(1)].every(
    (each) => each === 1 || (given.length === 0 && Number.isNaN(each)),
  );
  const isWhole = factor.every((each) => Number.isInteger(each) && each > 0);
  if (said.length !== over.length || !others || !isWhole) {
    refuse(`makes ${said.join(" x ")} of the image; here height and width grow by whole factors`);
  }
  return factor;
}
