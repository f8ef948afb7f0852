import { dropoutTraining } from "../../../../ops/training/dropout.js";
import { dropoutLayer } from "../../../describe-training.js";
import { pair } from "./pair.js";

/** Which elements are dropped hangs on their place in the whole batch. */
export const dropoutTrainings = pair({
  primitive: dropoutTraining,
  layer: dropoutLayer,
  header: "gradient/dropout",
  name: "dropout_training",
  wholeBatch: true,
  perNumber: 2,
  roles: ["random"],
});
