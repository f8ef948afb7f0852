/**
 * Parameters and multiply-adds of the family, as published, and as hooks in independent implementations
 * count them (fixtures-torch/family/make_family.py): of convolutions and linears, for one image.
 */
import { expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import { totalsOf } from "../../src/plan/report.js";
import { readSource } from "../../src/model/sources/files.js";
import { networkOf } from "../support/network.js";
import { type Counted, family, familyFixture, familyNetwork } from "../support/family.js";

/** What `torchvision.models.*_Weights` says of itself: `meta["num_params"]` and `meta["_ops"]`, in 1e9. */
const torchvision = "torchvision";

interface Published {
  readonly parameters: number;
  /** Whether the auxiliary heads are counted in. */
  readonly heads?: boolean;
  /** In 1e9, with as many digits. */
  readonly macs?: string;
  readonly source: string;
}

const published: Readonly<Record<string, Published>> = {
  alexnet: { parameters: 61_100_840, macs: "0.714", source: torchvision },
  squeezenet: { parameters: 1_235_496, macs: "0.349", source: torchvision },
  "resnet-50": { parameters: 25_557_032, macs: "4.089", source: torchvision },
  "densenet-121": { parameters: 7_978_856, macs: "2.834", source: torchvision },
  "mobilenet-v2": { parameters: 3_504_872, macs: "0.301", source: torchvision },
  "shufflenet-v2": { parameters: 2_278_604, macs: "0.145", source: torchvision },
  "torchvision-googlenet": { parameters: 6_624_904, macs: "1.498", source: torchvision },
  "inception-v3": { parameters: 27_161_264, heads: true, macs: "5.713", source: torchvision },
  googlenet: { parameters: 6_998_552, macs: "1.58", source: "BVLC's bvlc_googlenet.caffemodel" },
  "inception-v4": { parameters: 42_679_816, source: "timm's inception_v4" },
  "inception-resnet-v2": { parameters: 55_843_464, source: "timm's inception_resnet_v2" },
  xception: { parameters: 22_855_952, source: "table 3 of the paper; timm's legacy_xception" },
};

const totals = (name: string): { parameters: Counted; macs: Counted } => {
  const network = familyNetwork(familyFixture(name));
  const [without, whole] = [false, true].map((aux) => totalsOf(buildGraph(network, { aux })));
  return {
    parameters: [without!.parameters, whole!.parameters],
    macs: [without!.macs, whole!.macs],
  };
};

test.each(family)("%s has the counts of an independent implementation", (name) => {
  const { parameters, macs } = familyFixture(name);
  expect(totals(name)).toEqual({ parameters, macs });
});

/** `models.mobilenet_v2(width_mult=…)`, by hooks, as in make_family.py. */
test.each([
  ["0.25", 1_519_112, 37_201_312],
  ["0.5", 1_968_680, 97_131_840],
  ["0.75", 2_636_424, 209_069_792],
  ["1.4", 6_108_776, 582_195_824],
])("mobilenet-v2 of width %s has torchvision's counts", (width, parameters, macs) => {
  const source = readSource("examples/mobilenet-v2/mobilenet-v2.incept");
  const network = networkOf(source, { width });
  expect(totalsOf(buildGraph(network))).toMatchObject({ parameters, macs });
});

test.each(Object.entries(published))("%s has the published counts", (name, row) => {
  const { parameters, macs } = totals(name);
  expect(parameters[row.heads === true ? 1 : 0]).toBe(row.parameters);
  if (row.macs === undefined) return;
  const digits = row.macs.split(".")[1]!.length;
  expect((macs[0] / 1e9).toFixed(digits)).toBe(row.macs);
});
