import type { Epilogue } from "../../../ops/epilogue.js";
import type { PoolAttrs } from "../../../ops/pool-attrs.js";
import { avgPool, maxPool } from "../../../ops/pool2d.js";
import { padAsPool, zeroPad } from "../../../ops/zeropad.js";
import { poolFields } from "../../describe.js";
import { both } from "../kernel.js";
import type { CpuNode, Instruction } from "../node.js";

const carries = ({ kind }: Epilogue): boolean => kind === "activation";

export const maxPoolKernels = both({
  name: "maxpool",
  primitive: maxPool,
  perNumber: 0.55,
  carries,
  lower: (cx) => pool(cx, "max_pool"),
});

export const avgPoolKernels = both({
  name: "avgpool",
  primitive: avgPool,
  perNumber: 0.55,
  carries,
  lower: (cx) => pool(cx, "avg_pool"),
});

export const zeroPadKernels = both({
  name: "zeropad",
  primitive: zeroPad,
  perNumber: 0.5,
  lower: (cx, attrs) => {
    const layer = cx.layer("Pool", ...poolFields({ ...cx.node, attrs: padAsPool(attrs) }, true));
    return [cx.own("pool", "avg_pool", layer, [cx.inputs[0]!, cx.outputs[0]!])];
  },
});

function pool(cx: CpuNode<PoolAttrs>, name: string): readonly Instruction[] {
  const layer = cx.layer("Pool", ...poolFields(cx.node, name === "avg_pool"));
  return [cx.own("pool", name, layer, [cx.inputs[0]!, cx.outputs[0]!])];
}
