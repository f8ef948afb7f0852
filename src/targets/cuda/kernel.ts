import {
  anyKernel,
  type AnyKernel,
  type Kernel,
  type Packing,
  type Way,
} from "../../kernels/kernel.js";
import type { Layout } from "../../kernels/layout.js";
import type { Node } from "../../graph/graph.js";
import { constant, type Value } from "../../graph/value.js";
import { elements } from "../../ops/shape.js";
import type { Call, GpuPrecision, Layer } from "../program.js";
import { number } from "../prepare.js";
import type { HostLowering, PrepareNode } from "../prepare-node.js";
import { call, type GpuNode } from "./node.js";

export interface GpuLowering extends HostLowering {
  readonly run: GpuNode;
  readonly instruction: Call;
}

export type GpuKernel = AnyKernel<GpuLowering>;
export type GpuPacking = Packing<GpuLowering>;

export const channelsLast: Layout = { kind: "channels-last" };

/** What a kernel of a GPU says of itself: all of them read and write channels-last. */
interface Facts<A> extends Pick<
  Kernel<A, "", GpuLowering>,
  "name" | "primitive" | "carries" | "lower"
> {
  readonly weights?: (node: Node<A>) => Readonly<Record<string, GpuPacking>>;
  readonly workspace?: Way<"", GpuLowering>["workspace"];
}

/** There is one for each primitive, so that its cost decides nothing: the traffic in memory. */
export const kernel = <A>({ weights, workspace, ...facts }: Facts<A>): GpuKernel =>
  anyKernel<A, "", GpuLowering>({
    ...facts,
    ways: (node) => [
      {
        tuning: "",
        inputs: node.inputs.map(() => channelsLast),
        outputs: node.outputs.map(() => channelsLast),
        weights: weights?.(node) ?? {},
        cost: [...node.inputs, ...node.outputs].reduce(
          (sum, { shape }) => sum + perNumber * elements(shape),
          0,
        ),
        ...(workspace === undefined ? {} : { workspace }),
      },
    ],
  });

/** Nanoseconds to read or write one, from a GPU's memory. */
const perNumber = 0.002;

/** Weights as a library wants them: channels last, rounded. */
export const packed = (
  of: Value,
  name: string,
  storage: GpuPrecision,
  bytes: number,
  describe: (cx: PrepareNode) => Layer,
): GpuPacking => ({
  of,
  layout: { kind: "packed", name: `${name}<${storage}>`, bytes },
  lower: (cx) => {
    const own = { kind: "layer", layer: describe(cx) } as const;
    return call("cuda/pack.hpp", name, [storage], [own, cx.inputs[0]!, cx.outputs[0]!]);
  },
});

/** Numbers that stay f32, a tensor's or the spec's own. */
export const numbers = (of: Value): GpuPacking => ({
  of,
  layout: { kind: "packed", name: "pack_numbers", bytes: 4 * elements(of.shape) },
  lower: ({ inputs, outputs }) =>
    call(
      "cuda/pack.hpp",
      "pack_numbers",
      [],
      [number(elements(of.shape)), inputs[0]!, outputs[0]!],
    ),
});

/** Of the spec, one a channel. */
export const ownNumbers = (node: Node, name: string, values: readonly number[]): GpuPacking =>
  numbers(constant(`${node.outputs[0]!.name}.${name}`, [values.length], values));
