import { dropoutTraining } from "../../../../ops/training/dropout.js";
import { dropoutLayer } from "../../../describe-training.js";
import { reference } from "./reference.js";

/** Which elements are dropped hangs on their place in the whole batch. */
export const dropoutReference = reference({
  primitive: dropoutTraining,
  layer: dropoutLayer,
  header: "gradient/dropout",
  name: "dropout_training",
  wholeBatch: true,
  roles: ["random"],
});
