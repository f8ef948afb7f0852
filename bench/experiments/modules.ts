/** Figure 2 of "Going Deeper with Convolutions": the naive module beside the one with reductions. */
import { compare } from "./compare.js";
import type { Experiment } from "./experiment.js";

const folder = "examples/inception-module";

export const modules: Experiment = {
  about: "the naive Inception module beside the reduced one",
  run(run) {
    const { channels, side, classes } = run.data;
    const set = { channels, side, classes };
    const networks = ["naive", "reduced"].map((name) => ({
      ...{ name, spec: `${folder}/${name}.incept`, set },
    }));
    return compare("Naive and reduced modules", networks, run);
  },
};
