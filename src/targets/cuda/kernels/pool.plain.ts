import type { PoolAttrs } from "../../../ops/pool-attrs.js";
import { avgPool, maxPool } from "../../../ops/pool2d.js";
import type { Primitive } from "../../../ops/primitive.js";
import { padAsPool, zeroPad } from "../../../ops/zeropad.js";
import { poolFields } from "../../describe.js";
import { kernel } from "../kernel.js";
import { at } from "../node.js";

const pool = <A>(primitive: Primitive<A>, name: string, attrsOf: (attrs: A) => PoolAttrs) =>
  kernel({
    name: `${primitive.name}.plain`,
    primitive,
    // What a zeropad is described by has no activation.
    carries: ({ kind }) => kind === "activation" && primitive.name !== zeroPad.name,
    lower: (cx, node) => {
      const described = { ...node, attrs: attrsOf(node.attrs) };
      const layer = cx.layer("Pool", ...poolFields(described, name === "avg_pool"));
      return [cx.kernel("pool", name, layer, at(cx.inputs[0]!), at(cx.outputs[0]!))];
    },
  });

export const maxPoolKernel = pool(maxPool, "max_pool", (attrs) => attrs);

export const avgPoolKernel = pool(avgPool, "avg_pool", (attrs) => attrs);

export const zeroPadKernel = pool(zeroPad, "avg_pool", padAsPool);
