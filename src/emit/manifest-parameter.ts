import type { Parameter } from "../graph/value.js";
import type { ParameterSpec } from "../ops/operator.js";

/** A parameter as initialisation and loading have to know it. */
export interface ManifestParameter extends Pick<
  ParameterSpec,
  "shape" | "role" | "fanIn" | "initial"
> {
  readonly name: string;
}

export const manifestParameter = ({
  name,
  shape,
  role,
  fanIn,
  initial,
}: Parameter): ManifestParameter => ({
  name,
  shape,
  role,
  fanIn,
  ...(initial === undefined ? {} : { initial }),
});
