import { bilinearGradient } from "../../../../ops/training/bilinear-gradient.js";
import { bilinearLayer } from "../../../describe-training.js";
import { move } from "../costs.js";
import { pair } from "./pair.js";

/** A number of the result is a sum of about as many as the image was made larger by. */
export const bilinearGradients = pair({
  primitive: bilinearGradient,
  layer: bilinearLayer,
  header: "gradient/bilinear",
  name: "bilinear_gradient",
  perNumber: 4 * move,
});
