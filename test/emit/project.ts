import { renderProject, type ProjectKind } from "../../src/emit/render.js";
import { projectOf } from "../../src/build/project/project.js";
import { variantOf } from "../../src/build/choose/variant.js";
import type { BuildRequest } from "../../src/build/request.js";
import type { CpuLevel } from "../../src/targets/cpu/level.js";
import { networkOf } from "../support/network.js";

/** A join of each kind, a batchnorm, a scale a channel, and an image as second output. */
export const tinySpec = `/// A network for tests.
model Tiny(classes = 3) {
  input image: f32[2, 6, 5]
  stem: scale([0.5, 2], shift: [0, -1]) -> conv(3x3, 16, norm: batchnorm, act: relu)
  mixed: concat {
    left:  conv(1x1, 16, act: relu)
    right: conv(1x1, 20, act: relu) -> maxpool(3x3/1, pad: same)
  }
  output features: from mixed -> identity
  output prob: globalavgpool -> linear(classes) as head -> softmax
}
`;

type Options = Omit<Partial<BuildRequest>, "network"> & {
  readonly kind?: ProjectKind;
  readonly level?: CpuLevel | readonly CpuLevel[];
};

/** The emitted files of a spec's text. */
export function emitted(text: string, options: Options = {}): ReadonlyMap<string, string> {
  const { kind = "addon", level = "avx512", ...more } = options;
  const request: BuildRequest = { spec: "test.incept", network: networkOf(text), ...more };
  return renderProject(projectOf(request, { ...variantOf(request), levels: [level].flat() }), kind);
}
