import type { Epilogue } from "../../../ops/epilogue.js";
import type { PoolAttrs } from "../../../ops/pool-attrs.js";
import { avgPool, maxPool } from "../../../ops/pool2d.js";
import { padAsPool, zeroPad } from "../../../ops/zeropad.js";
import { poolFields } from "../../describe.js";
import { both } from "../kernel.js";
import { pooledNumber } from "./costs.js";
import { lanesField } from "../lanes.js";
import type { CpuNode, Instruction } from "../node.js";

const carries = ({ kind }: Epilogue): boolean => kind === "activation";

export const maxPoolKernels = both({
  name: "maxpool",
  primitive: maxPool,
  perNumber: pooledNumber,
  keepsToChannels: true,
  carries,
  lower: (cx, attrs) => pool(cx, "max_pool", attrs),
});

export const avgPoolKernels = both({
  name: "avgpool",
  primitive: avgPool,
  perNumber: pooledNumber,
  keepsToChannels: true,
  carries,
  lower: (cx, attrs) => pool(cx, "avg_pool", attrs),
});

export const zeroPadKernels = both({
  name: "zeropad",
  primitive: zeroPad,
  perNumber: 0.5,
  keepsToChannels: true,
  lower: (cx, attrs) => pool(cx, "avg_pool", padAsPool(attrs)),
});

function pool<A>(cx: CpuNode<A>, name: string, attrs: PoolAttrs): readonly Instruction[] {
  const fields = poolFields({ ...cx.node, attrs }, name === "avg_pool");
  const layer = cx.layer("Pool", ...fields, lanesField(cx.plan, cx.node));
  return [cx.own("pool", name, layer, [cx.inputs[0]!, cx.outputs[0]!])];
}
