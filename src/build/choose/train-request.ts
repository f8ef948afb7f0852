import { InceptError } from "../../diagnostics/incept-error.js";
import { renderDiagnostics } from "../../diagnostics/render.js";
import type { Network } from "../../model/network.js";
import { trainSettingsOf } from "../../model/settings/train.js";
import type { TrainRequest } from "../request.js";

/**
 * What the spec's `train` block asks for, or its defaults where there is none.
 *
 * @throws InceptError `spec/invalid` with the findings, where the losses have to be said
 */
export function trainRequestOf(network: Network): TrainRequest {
  const { settings, findings } = trainSettingsOf(network);
  if (settings === undefined) {
    throw new InceptError(
      "spec/invalid",
      `${network.name} cannot be trained as it is.\n\n${renderDiagnostics(findings)}`,
    );
  }
  const losses = settings.losses.map(({ output, kind, targets, ...loss }) => ({
    ...{ output, kind, targets },
    ...(loss.classWeights === undefined ? {} : { classWeights: true }),
    ...(loss.ignore === undefined ? {} : { ignore: loss.ignore }),
  }));
  return { losses, frozen: [] };
}
