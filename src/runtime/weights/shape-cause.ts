/** Why a tensor may have another shape than the parameter of its name: what other frameworks do. */
import { elements, sameShape, type Shape } from "../../ops/shape.js";

/** Orders of dimensions, of each of the tensor's which it is of the parameter's, and who has them so. */
const orders: readonly { readonly order: readonly number[]; readonly says: string }[] = [
  { order: [1, 0], says: "in x out, as Keras and TensorFlow have it" },
  { order: [2, 3, 1, 0], says: "h x w x in x out, as Keras and TensorFlow have it" },
  { order: [2, 3, 0, 1], says: "h x w x in x multiplier, as Keras and TensorFlow have it" },
  { order: [0, 2, 3, 1], says: "out x h x w x in, with the channels last" },
];

/** In words, `the file has it as in x out, …`; undefined where the tensor is of no such form. */
export function otherForm(expected: Shape, given: Shape): string | undefined {
  const turned = orders.find(
    ({ order }) => order.length === expected.length && isTurned(expected, given, order),
  );
  if (turned !== undefined) {
    return `the file has it as ${turned.says}: save it as ${wantedText(expected)}`;
  }
  if (elements(expected) !== elements(given)) return undefined;
  const [wanted, is] = [expected, given].map(withoutOnes) as [Shape, Shape];
  if (sameShape(wanted, is)) return squeezed(expected, given);
  if (sameShape([...wanted].reverse(), is) && is.length === 2) {
    return `the file has it as ${given.length > 2 ? "1 x 1 x " : ""}in x out, as Keras and TensorFlow have it: save it as ${wantedText(expected)}`;
  }
  return undefined;
}

const isTurned = (expected: Shape, given: Shape, order: readonly number[]): boolean =>
  sameShape(
    order.map((from) => expected[from]!),
    given,
  );

const withoutOnes = (shape: Shape): Shape => shape.filter((size) => size !== 1);

const wantedText = ({ length }: Shape): string => (length === 2 ? "out x in" : "out x in x h x w");

/** The same numbers with sizes of 1 elsewhere. */
function squeezed(expected: Shape, given: Shape): string {
  const isDense = expected.length === 2;
  if (isDense && given.length === 4 && given[0] !== 1) {
    return "the file has a 1x1 convolution there: write conv(1x1, …), or save it as out x in";
  }
  if (expected.length === 4 && given.length === 2) {
    return "the file has a linear layer there: write linear(…), or save it as out x in x 1 x 1";
  }
  return "the file has the same values with sizes of 1 beside: save it without them";
}
