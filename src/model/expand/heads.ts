/** Auxiliary heads that do not fit where they stand are told with the stages that have room. */
import { Diagnostics } from "../../diagnostics/diagnostics.js";
import type { Shape } from "../../ops/shape.js";
import { fixed } from "../../ops/trace.js";
import type { Aux, Name } from "../../syntax/ast.js";
import { Expansion } from "./expand.js";
import type { Flowing } from "../flow/flowing.js";
import { placesOf, type Sized } from "./head-places.js";
import { Patience } from "../mend/search.js";
import type { Spot } from "../flow/spot.js";

/** Steps of all heads on all stages together. */
const mostSteps = 5_000;

interface Misfit {
  readonly head: Aux;
  readonly start: Flowing;
  readonly spot: Spot;
  readonly report: (places: string | undefined) => void;
}

export class Heads {
  private readonly misfits: Misfit[] = [];
  private steps = mostSteps;

  /** `earlier` finds what `from` names, without a finding. */
  constructor(private readonly earlier: (from: Name) => Flowing) {}

  /** Where the head is expanded: what it lacks room for waits there for `report`. */
  spot(head: Aux, start: Flowing, spot: Spot): Spot {
    return { ...spot, head: (report) => this.misfits.push({ head, start, spot, report }) };
  }

  /** Once all stages are known. */
  report(stages: readonly (readonly [name: string, value: Flowing])[]): void {
    const sized = stages.flatMap(([name, { shape }]): Sized[] =>
      shape === undefined ? [] : [[name, shape]],
    );
    for (const misfit of this.misfits) {
      const fits = (shape: Shape): boolean => this.fits(misfit, shape);
      const places = placesOf(sized, misfit.start.shape ?? [], fits);
      // What has not been tried to its end says nothing.
      misfit.report(this.steps > 0 ? places : undefined);
    }
  }

  /** Whether the head could be expanded behind an image of this shape. */
  private fits({ head, spot }: Misfit, shape: Shape): boolean {
    const found = new Diagnostics();
    const trial = new Expansion(this.earlier, this.steps, new Patience(0));
    const image = { shape, traces: shape.map(() => fixed) };
    const { output } = trial.chain(head.flow.chain, image, { ...spot, found });
    this.steps -= trial.steps;
    return output.shape !== undefined && !found.hasErrors;
  }
}
