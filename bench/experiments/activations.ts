/** The review's network as its code has it, one linear map but for its pool, beside the same with rectifiers. */
import { compare } from "./compare.js";
import type { Experiment } from "./experiment.js";

const folder = "examples/simple-inception";

export const activations: Experiment = {
  about: "SimpleInception beside the same with activations; 3x32x32 (--data CIFAR)",
  async run(run) {
    const { channels, side } = run.data;
    if (channels !== 3 || side !== 32) {
      throw new Error(
        `SimpleInception takes pictures of 3x32x32, and these are ${channels}x${side}x${side}: --data CIFAR.`,
      );
    }
    await compare(
      "SimpleInception, and with activations",
      [
        { name: "as its code has it", spec: `${folder}/simple-inception.incept` },
        { name: "with activations", spec: `${folder}/with-activations.incept` },
      ],
      run,
    );
  },
};
