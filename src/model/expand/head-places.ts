/** Where an auxiliary head would fit that does not fit where it stands. */
import { channels, isImage, plane, type Shape } from "../../ops/shape.js";
import { listed } from "../scope/listed.js";

/** Szegedy et al. 2014, figure 3; Szegedy et al. 2015, figure 8. */
const homes = [
  { network: "GoogLeNet", has: "heads stand", side: 14, place: "after 4a and 4d" },
  { network: "Inception-v3", has: "head stands", side: 17, place: "after the last module there" },
];

export type Sized = readonly [stage: string, shape: Shape];

/**
 * Names the stages that the head fits at: those of the size at which a paper has a head that such
 * steps go with, else those of the size next to it.
 *
 * @param fits whether the whole head takes an image of this shape, by its own steps' rules
 */
export function placesOf(
  stages: readonly Sized[],
  here: Shape,
  fits: (shape: Shape) => boolean,
): string {
  const home = homes.find(({ side }) => fits([channels(here), side, side]));
  const paper =
    home && ` (${home.network}'s ${home.has} at ${home.side}x${home.side}, ${home.place})`;
  const found = nearest(fitting(stages, fits), home?.side ?? 1);
  if (found === undefined) return `no stage here has room for it${paper ?? ""}`;
  const names = `${listed(found.map(([name]) => name))} ${found.length === 1 ? "has" : "have"}`;
  const size = plane(found[0]![1]).join("x");
  return home !== undefined && size === `${home.side}x${home.side}`
    ? `attach it at ${size} as in ${home.network}, ${home.place}: ${names} that`
    : `attach it at ${size}, which ${names}${paper ?? ""}`;
}

/** Stages of one shape are asked about once. */
function fitting(stages: readonly Sized[], fits: (shape: Shape) => boolean): readonly Sized[] {
  const known = new Map<string, boolean>();
  return stages.filter(([, shape]) => {
    const key = shape.join("x");
    const answer = known.get(key) ?? (isImage(shape) && fits(shape));
    known.set(key, answer);
    return answer;
  });
}

/** All of the one size that is nearest to the wanted one. */
function nearest(stages: readonly Sized[], side: number): readonly Sized[] | undefined {
  const size = ([, shape]: Sized): string => plane(shape).join("x");
  const distance = ([, shape]: Sized): number =>
    Math.abs(Math.log(plane(shape)[0] / side)) + Math.abs(Math.log(plane(shape)[1] / side));
  const [first] = [...stages].sort((a, b) => distance(a) - distance(b));
  return first && stages.filter((stage) => size(stage) === size(first));
}
