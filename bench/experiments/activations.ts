/** The review's network as its code has it, one linear map but for its pool, beside the same with rectifiers. */
import { compare } from "./compare.js";
import type { Experiment } from "./experiment.js";

const folder = "examples/simple-inception";

export const activations: Experiment = {
  about: "SimpleInception beside the same with activations; 3x32x32 (--data CIFAR)",
  run: (run) =>
    compare(
      "SimpleInception, and with activations",
      [
        { name: "as its code has it", spec: `${folder}/simple-inception.incept` },
        { name: "with activations", spec: `${folder}/with-activations.incept` },
      ],
      run,
    ),
};
