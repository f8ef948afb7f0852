/** `input image: f32[3, 224, 224] from image(…)` */
import { count } from "../../ops/kinds.js";
import type { Shape } from "../../ops/shape.js";
import type { Traces } from "../../ops/trace.js";
import type { Input } from "../../syntax/ast.js";
import { readAs } from "../values/evaluate.js";
import type { NetInput } from "../network.js";
import { fits } from "../mend/problems.js";
import { report } from "../scope/site.js";
import { traceOf } from "../flow/traces.js";
import type { Site } from "../scope/unit.js";
import { readImage } from "./image.js";

export interface ReadInput {
  readonly shape: Shape | undefined;
  readonly traces: Traces;
  /** Absent where a finding says what is wrong with its shape. */
  readonly net: NetInput | undefined;
}

export function readInput(input: Input, site: Site): ReadInput {
  const shape = readShape(input, site);
  const traces = input.dims.map((dim) => traceOf(dim, site));
  const image = input.from && readImage(input.from, shape, site);
  if (shape === undefined) return { shape, traces, net: undefined };
  const { name, doc, span } = input;
  const net: NetInput = {
    name: name.text,
    ...(doc === undefined ? {} : { doc }),
    shape,
    varies: traces.map(({ varies }) => varies),
    ...(image === undefined ? {} : { image }),
    span,
  };
  return { shape, traces, net };
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
