import type { Parameter } from "../graph/value.js";
import type { ParameterSpec } from "../ops/operator.js";

/** A parameter as initialisation and loading have to know it. */
export interface ManifestParameter extends Pick<ParameterSpec, "shape" | "role" | "fanIn"> {
  readonly name: string;
}

export const manifestParameter = ({ name, shape, role, fanIn }: Parameter): ManifestParameter => ({
  name,
  shape,
  role,
  fanIn,
});
