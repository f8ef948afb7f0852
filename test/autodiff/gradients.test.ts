/** Every rule on random odd shapes, and whole networks, against central differences. */
import { describe, expect, test } from "vitest";
import { families } from "../judges/operators/cases.js";
import { drawCases, specOf } from "../judges/operators/cases.js";
import { checkGradients, squaredErrors } from "../support/gradients.js";
import { graphOf } from "../support/network.js";
import { Random } from "../support/random.js";

test.each(Object.keys(families))("%s", (name) => {
  const graph = graphOf(specOf(drawCases(new Random(7), name, 6)));
  const checks = checkGradients(graph, { losses: squaredErrors(graph), seed: 3, batch: 2 });
  const wrong = checks.filter(({ worst }) => !(worst <= 1e-5));
  expect(wrong).toEqual([]);
  expect(checks.some(({ reached }) => reached)).toBe(true);
});
