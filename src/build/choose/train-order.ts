import type { TrainRequest } from "../request.js";

/** The same with everything in the order of names, and once. */
export const inOrder = ({
  losses,
  frozen,
}: TrainRequest): Pick<TrainRequest, "losses" | "frozen"> => ({
  losses: [...losses].sort((a, b) => (a.output < b.output ? -1 : 1)),
  frozen: [...new Set(frozen)].sort(),
});
