import { type NodeReader, reads, refuse } from "./reader.js";
import { readPlaced } from "./window.js";

export const convTransposeReaders = reads({ ConvTranspose: readConvTranspose });

function readConvTranspose(node: NodeReader) {
  const [entering] = node.image(0);
  const { shape } = node.weight(1);
  const [inputs, each, ...sides] = shape;
  if (inputs === undefined || each === undefined || sides.length !== 2) {
    refuse(`has a kernel of ${shape.length} dimensions; here windows have height and width`);
  }
  const kernel = [sides[0]!, sides[1]!] as const;
  const said = node.pair("kernel_shape", kernel);
  if (said.join() !== kernel.join())
    refuse(`says kernel_shape ${said.join(", ")} of a kernel of ${kernel.join(" x ")}`);
  const groups = node.integer("group", 1);
  if (groups < 1 || inputs % groups !== 0) refuse(`parts ${inputs} channels into ${groups} groups`);
  if (entering !== undefined && entering !== inputs)
    refuse(`has kernels over ${inputs} channels, and ${entering} come in`);
  const channels = each * groups;
  const bias = node.has(2);
  if (bias && node.weight(2).shape.join() !== `${channels}`)
    refuse(`has a bias that is not one number for each of ${channels} channels`);
  if (node.integers("output_shape") !== undefined)
    refuse("says the shape of its result; here that follows from its padding");
  const auto = node.text("auto_pad", "NOTSET");
  if (auto !== "NOTSET" && auto !== "VALID")
    refuse(`has auto_pad ${auto}; here the padding of a transposed convolution is said`);
  const { stride, dilation, pads } = readPlaced(node, kernel, []);
  const [down, across, ...more] = node.integers("output_padding") ?? [0, 0];
  if (down === undefined || across === undefined || more.length > 0)
    refuse("has no two numbers as output_padding; here images have height and width");
  const outputPad = [down, across] as const;
  if (outputPad.some((pad, axis) => pad < 0 || pad >= stride[axis]!))
    refuse(
      `has output_padding ${outputPad.join(", ")} at strides ${stride.join(", ")}; here it is less than the stride`,
    );
  return {
    attrs: { kernel, stride, pads, dilation, groups, channels, bias, outputPad },
    roles: ["input", { weight: "weight" }, { weight: "bias" }] as const,
  };
}
