/** What people get to read: kept as files, so that a change of them is seen. */
import { expect, it } from "vitest";
import { buildGraph } from "../../../src/graph/build.js";
import { checkFile } from "../../../src/model/check-file.js";
import { exampleSpec } from "../../support/examples.js";
import { raised } from "./support.js";

const networks = [
  "googlenet",
  "inception-v3",
  "inception-resnet-v2",
  "densenet-121",
  "resnet-50",
  "xception",
  "mobilenet-v2",
  "unet",
  "ssd-inception",
  "shufflenet-v2",
];

it.each(networks)("writes %s as a person would", async (name) => {
  const graph = buildGraph(checkFile(exampleSpec(name)).network!);
  await expect(raised(graph, "weights")).toMatchFileSnapshot(`expected/${name}.incept`);
});

it.each(["googlenet", "mobilenet-v2", "inception-resnet-v2"])(
  "writes %s without names",
  async (name) => {
    const graph = buildGraph(checkFile(exampleSpec(name)).network!);
    await expect(raised(graph, "nothing")).toMatchFileSnapshot(`expected/${name}-unnamed.incept`);
  },
);
