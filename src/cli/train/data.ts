/** The pictures of a run: to learn from and to judge by. */
import { openData } from "../../data/open-data.js";
import type { Pictures } from "../../runtime/train/pictures.js";
import { openTestData } from "../labelled.js";

export interface RunData {
  readonly train: Pictures;
  readonly validation?: Pictures;
}

/** Where they lie, and what is held back. */
export interface DataPlace {
  readonly data: string;
  readonly validate?: string | undefined;
  readonly validation?: number | undefined;
  readonly seed: number;
}

/** @throws InceptError of `data/` or `file/` */
export async function openRunData(place: DataPlace): Promise<RunData> {
  const { data, validate, validation, seed } = place;
  if (validate === undefined) {
    const share = validation === undefined ? {} : { validation };
    return openData(data, { ...share, seed });
  }
  const { train } = await openData(data, { validation: 0 });
  return { train, validation: await openTestData(validate) };
}
