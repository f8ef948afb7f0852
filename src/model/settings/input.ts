/** `input image: f32[3, 224, 224] from image(…)` */
import { count } from "../../ops/kinds.js";
import type { Shape } from "../../ops/shape.js";
import type { Traces } from "../../ops/trace.js";
import type { Input } from "../../syntax/ast.js";
import { readAs } from "../values/evaluate.js";
import type { ImageInput } from "../network.js";
import { fits } from "../mend/problems.js";
import { report } from "../scope/site.js";
import { traceOf } from "../flow/traces.js";
import type { Site } from "../scope/unit.js";
import { readImage } from "./image.js";

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
