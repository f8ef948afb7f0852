import type { OnnxReading, OnnxRole } from "../onnx.js";
import type { Pair } from "../window.js";
import { type Dims, type NodeReader, reads, refuse } from "./reader.js";

export interface UpsampleAttrs {
  readonly factor: Pair;
}

/** What repeats each pixel a whole number of times. */
export const upsampleReaders = reads<UpsampleAttrs>({ Resize: readResize, Upsample: readUpsample });

const attribute = "attribute" as const;

function readUpsample(node: NodeReader): OnnxReading<UpsampleAttrs> {
  const dims = node.image(0);
  onlyNearest(node);
  if (node.opset < 9)
    refuse("says its factors as attributes, as before opset 9; here that is newer");
  return { attrs: { factor: factorOf(node, 1, undefined, dims) }, roles: ["input", attribute] };
}

/** Regions of interest, which nothing here asks for, stand between the image and the factors. */
function readResize(node: NodeReader): OnnxReading<UpsampleAttrs> {
  const dims = node.image(0);
  onlyNearest(node);
  for (const name of ["cubic_coeff_a", "extrapolation_value"]) node.float(name, 0);
  node.flag("exclude_outside");
  const scales = node.opset < 11 ? 1 : 2;
  const places = node.text("coordinate_transformation_mode", "half_pixel");
  const rounding = node.text("nearest_mode", "round_prefer_floor");
  if (node.opset >= 11) sameEverywhere(places, rounding);
  const factor = factorOf(node, scales, scales + 1, dims);
  const roles: OnnxRole[] = ["input", attribute, attribute, ...(scales === 2 ? [attribute] : [])];
  return { attrs: { factor }, roles };
}

function onlyNearest(node: NodeReader): void {
  const mode = node.text("mode", "nearest");
  if (mode !== "nearest") refuse(`has mode ${mode}; here pixels are repeated, which is nearest`);
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

/** From factors, or from sizes where the image's own are known. */
function factorOf(node: NodeReader, scales: number, sizes: number | undefined, dims: Dims): Pair {
  const given = node.has(scales) ? Array.from(node.constant(scales).values) : [];
  const wanted =
    sizes !== undefined && node.has(sizes) ? Array.from(node.constant(sizes).values) : [];
  const side = (i: number): number => {
    const own = dims[i - 1];
    return given.length > 0 ? given[i]! : own === undefined ? NaN : wanted[i]! / own;
  };
  const said = given.length > 0 ? given : wanted;
  const factor: Pair = [side(2), side(3)];
  const others = given.length > 0 ? given.slice(0, 2).every((each) => each === 1) : true;
  if (said.length !== 4 || !others || !factor.every((each) => Number.isInteger(each) && each > 0)) {
    refuse(`makes ${said.join(" x ")} of the image; here height and width grow by whole factors`);
  }
  return factor;
}
