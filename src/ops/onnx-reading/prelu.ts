import type { PReluAttrs } from "../prelu-attrs.js";
import { perChannel } from "./per-channel.js";
import { reads } from "./reader.js";

/** ONNX spreads a slope as it does any constant. */
export const preluReaders = reads<PReluAttrs>({
  PRelu: (node) => {
    const slopes = perChannel(node.constant(1), node.flowing(0));
    const weight = { weight: "weight", flattened: true } as const;
    return { attrs: { shared: slopes.length === 1 }, roles: ["input", weight] };
  },
});
