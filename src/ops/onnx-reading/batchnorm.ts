import type { OnnxRole } from "../onnx.js";
import { type Constant, type NodeReader, reads, refuse, shortest } from "./reader.js";

export const batchNormReaders = reads({ BatchNormalization: readBatchNorm });

/** ONNX's momentum is the weight of the old statistics. Factors of 1 and offsets of 0 do nothing. */
function readBatchNorm(node: NodeReader) {
  node.only("training_mode", 0, "here statistics are fixed");
  node.only("spatial", 1, "here each channel has one mean");
  const entering = node.flowing(0)?.[1];
  const [factors, offsets] = [node.constant(1), node.constant(2)];
  const all = [factors, offsets, node.constant(3), node.constant(4)];
  const count = entering ?? factors.shape[0];
  const odd = all.find(({ shape }) => shape.join() !== `${count}`);
  if (odd !== undefined) refuse(`has ${odd.shape.join(" x ")} numbers for ${count} channels`);
  const eps = node.float("epsilon", 1e-5);
  if (eps <= 0) refuse(`has epsilon ${eps}; here it is above 0`);
  // It says something of training alone: where it makes no sense there it is the usual one.
  const kept = node.float("momentum", 0.9);
  const momentum = shortest(kept > 0 && kept <= 1 ? 1 - kept : 0.1);
  const [scale, shift] = [!holds(factors, 1), !holds(offsets, 0)];
  const learned = (role: string, is: boolean): OnnxRole => (is ? { weight: role } : "attribute");
  const statistics = [{ weight: "running_mean" }, { weight: "running_var" }];
  const roles = ["input" as const, learned("weight", scale), learned("bias", shift), ...statistics];
  return { attrs: { eps, scale, shift, momentum }, roles };
}

const holds = ({ values }: Constant, wanted: number): boolean =>
  Array.from(values).every((value) => value === wanted);
