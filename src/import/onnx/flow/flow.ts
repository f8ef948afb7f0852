import type { Value } from "../../../graph/value.js";
import type { Element } from "../constants/element.js";
import { type Arrangement, dimsOf, isBatch, natural } from "./arrangement.js";

/** A tensor of the file that is computed for each image: a value of the graph, and how it lies. */
export class Flow {
  constructor(
    readonly value: Value,
    readonly arrangement: Arrangement,
  ) {}

  /** @param batch how many images the file says there are; undefined where that is free */
  static natural(value: Value, batch: number | undefined): Flow {
    return new Flow(value, natural(value.shape, batch));
  }

  get dims(): readonly Element[] {
    return dimsOf(this.arrangement);
  }

  get batch(): number | undefined {
    return this.arrangement.flat().find(isBatch)?.size;
  }

  /** The same value otherwise. */
  as(arrangement: Arrangement): Flow {
    return new Flow(this.value, arrangement);
  }
}
