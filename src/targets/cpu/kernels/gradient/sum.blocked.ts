import { isImage } from "../../../../ops/shape.js";
import { sumChannels } from "../../../../ops/training/sum-channels.js";
import { sumPlane } from "../../../../ops/training/sum-plane.js";
import { shapeLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

const sum = { layer: shapeLayer("ChannelSum"), header: "gradient/sum", perNumber: 20 } as const;

export const sums = [
  pair({
    ...sum,
    primitive: sumChannels,
    name: "sum_channels",
    wholeBatch: true,
    refuses: ({ inputs }) =>
      isImage(inputs[0]!.shape) ? undefined : "a vector has no blocks of channels",
  }),
  pair({ ...sum, primitive: sumPlane, name: "sum_plane" }),
];
