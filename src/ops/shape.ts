/** The shape of one image's value, batch left out: `[c, h, w]`, or `[n]` for a vector. */
export type Shape = readonly number[];

export const elements = (shape: Shape): number => shape.reduce((product, d) => product * d, 1);

/** Channels of an image, or the length of a vector: what `in` means and what joins add up. */
export const channels = (shape: Shape): number => shape[0] ?? 0;

export const isImage = (shape: Shape): boolean => shape.length === 3;

/** Height and width; a vector counts as 1x1. */
export const plane = (shape: Shape): readonly [height: number, width: number] => [
  shape[1] ?? 1,
  shape[2] ?? 1,
];

export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i]);

/** `64 x 28x28` for an image, `1024` for a vector: the form of every message. */
export const formatShape = (shape: Shape): string =>
  isImage(shape) ? `${shape[0]} x ${shape[1]}x${shape[2]}` : shape.join(" x ");
