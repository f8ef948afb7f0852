import type { PoolAttrs } from "../../../ops/pool-attrs.js";
import { avgPool, maxPool } from "../../../ops/pool2d.js";
import type { Primitive } from "../../../ops/primitive.js";
import { poolFields } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at } from "../node.js";

const pool = (primitive: Primitive<PoolAttrs>, name: string) =>
  kernel({
    name: `${primitive.name}.plain`,
    primitive,
    lower: (cx, node) => {
      const layer = cx.layer("Pool", ...poolFields(node, name === "avg_pool"));
      return [cx.kernel("pool", name, layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
    },
  });

export const maxPoolKernel = pool(maxPool, "max_pool");

export const avgPoolKernel = pool(avgPool, "avg_pool");
