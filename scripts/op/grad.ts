import { checkGradients, squaredErrors } from "../../test/support/gradients.js";
import { graphOf } from "../../test/support/network.js";
import { Random } from "../../test/support/random.js";
import { drawCases, specOf } from "../../test/judges/operators/cases.js";

/**
 * How far an operator's gradients are from central differences in f64, for calls that are drawn: a
 * row a tensor. An exit status of 1 says that one is off.
 */
export function gradientsOf(name: string, seed: number, count: number): readonly string[] {
  const graph = graphOf(specOf(drawCases(new Random(seed), name, count)));
  const checks = checkGradients(graph, { losses: squaredErrors(graph), seed, batch: 2 });
  return checks.map(({ name: tensor, worst, reached }) => {
    const right = worst <= tolerance;
    if (!right) process.exitCode = 1;
    const said = reached ? `${worst.toExponential(1)}${right ? "" : "  WRONG"}` : "no gradient";
    return `${tensor.padEnd(32)}${said}`;
  });
}

/** A difference quotient has an error of its own, of about the root of f64's precision. */
const tolerance = 2e-5;
