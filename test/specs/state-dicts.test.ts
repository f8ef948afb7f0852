/**
 * Checkpoints of torchvision and timm load with no mapping: the specs' parameters have exactly the
 * names and shapes of their state dicts (see fixtures-torch/state-dicts).
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { buildGraph } from "../../src/graph/build.js";
import { parametersOf } from "../../src/graph/graph.js";
import { readSource } from "../../src/model/sources/files.js";
import { elements } from "../../src/ops/shape.js";
import { networkOf } from "../support/network.js";

const tests = dirname(dirname(fileURLToPath(import.meta.url)));

interface Match {
  /** A folder of examples. */
  readonly spec: string;
  readonly stateDict: string;
  /** Learned numbers, without and with the auxiliary heads, as the libraries count them. */
  readonly parameters: readonly [inference: number, training: number];
}

const matches: readonly Match[] = [
  {
    spec: "inception-v3",
    stateDict: "torchvision-inception_v3",
    parameters: [23_834_568, 27_161_264],
  },
  {
    spec: "inception-resnet-v2",
    stateDict: "timm-inception_resnet_v2",
    parameters: [55_843_464, 55_843_464],
  },
  {
    spec: "torchvision-googlenet",
    stateDict: "torchvision-googlenet",
    parameters: [6_624_904, 13_004_888],
  },
  {
    spec: "inception-v4",
    stateDict: "timm-inception_v4",
    parameters: [42_679_816, 42_679_816],
  },
  {
    spec: "xception",
    stateDict: "timm-xception",
    parameters: [22_855_952, 22_855_952],
  },
  {
    spec: "alexnet",
    stateDict: "torchvision-alexnet",
    parameters: [61_100_840, 61_100_840],
  },
  {
    spec: "squeezenet",
    stateDict: "torchvision-squeezenet1_1",
    parameters: [1_235_496, 1_235_496],
  },
  {
    spec: "resnet-50",
    stateDict: "torchvision-resnet50",
    parameters: [25_557_032, 25_557_032],
  },
  {
    spec: "densenet-121",
    stateDict: "torchvision-densenet121",
    parameters: [7_978_856, 7_978_856],
  },
  {
    spec: "mobilenet-v2",
    stateDict: "torchvision-mobilenet_v2",
    parameters: [3_504_872, 3_504_872],
  },
  {
    spec: "shufflenet-v2",
    stateDict: "torchvision-shufflenet_v2_x1_0",
    parameters: [2_278_604, 2_278_604],
  },
];

test.each(matches)(
  "$spec has the names and shapes of $stateDict",
  ({ spec, stateDict, parameters }) => {
    const network = networkOf(readSource(join(tests, `../examples/${spec}/${spec}.incept`)));
    const whole = parametersOf(buildGraph(network, { aux: true }));
    const file = join(tests, "fixtures-torch/state-dicts", `${stateDict}.json`);
    const expected = JSON.parse(readFileSync(file, "utf8")) as Record<string, number[]>;
    expect(Object.fromEntries(whole.map(({ name, shape }) => [name, shape]))).toEqual(expected);
    expect([learned(parametersOf(buildGraph(network))), learned(whole)]).toEqual(parameters);
  },
);

function learned(all: ReturnType<typeof parametersOf>): number {
  const counted = all.filter(({ role }) => role !== "running_mean" && role !== "running_var");
  return counted.reduce((sum, { shape }) => sum + elements(shape), 0);
}
