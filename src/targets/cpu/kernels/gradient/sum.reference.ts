import { sumChannels } from "../../../../ops/training/sum-channels.js";
import { sumPlane } from "../../../../ops/training/sum-plane.js";
import { shapeLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

const sum = { layer: shapeLayer("ChannelSum"), header: "gradient/sum" } as const;

export const sumReferences = [
  reference({ ...sum, primitive: sumChannels, name: "sum_channels", wholeBatch: true }),
  reference({ ...sum, primitive: sumPlane, name: "sum_plane" }),
];
