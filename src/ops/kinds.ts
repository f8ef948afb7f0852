/** The kinds of argument that operators take: what each accepts, in words and in code. */
import type { Kind, Reading, Signature } from "./signature.js";
import type { ArgValue } from "./value.js";
import type { Pads, Pair } from "./window.js";

const read = <T>(value: T): Reading<T> => ({ ok: true, value });

const refuse = (fault: "type" | "range", help?: string): Reading<never> => ({
  ok: false,
  fault,
  ...(help === undefined ? {} : { help }),
});

/** No dimension, window or count of a network comes near it; larger ones are slips. */
export const maxInteger = 2 ** 31 - 1;

const whole = (least: number): Kind<number> => ({
  expected: `a whole number of at least ${least}`,
  read: (value) => {
    if (value.kind !== "number" || !Number.isInteger(value.value)) return refuse("type");
    return value.value < least || value.value > maxInteger ? refuse("range") : read(value.value);
  },
});

export const count = whole(1);
export const natural = whole(0);

/** Any whole number that 32 bits hold. */
export const integer: Kind<number> = {
  expected: "a whole number",
  read: (value) => {
    if (value.kind !== "number" || !Number.isInteger(value.value)) return refuse("type");
    return Math.abs(value.value) > maxInteger ? refuse("range") : read(value.value);
  },
};

export const oddCount: Kind<number> = {
  expected: "an odd whole number of at least 1",
  read: (value) => {
    const reading = count.read(value);
    return reading.ok && reading.value % 2 === 0 ? refuse("range") : reading;
  },
};

interface Bounds {
  readonly expected: string;
  readonly holds: (value: number) => boolean;
}

/** A number within bounds, if there are any. */
export const number = (bounds?: Bounds): Kind<number> => ({
  expected: bounds?.expected ?? "a number",
  read: (value) => {
    if (value.kind !== "number") return refuse("type");
    const fits = Number.isFinite(value.value) && (bounds?.holds(value.value) ?? true);
    return fits ? read(value.value) : refuse("range");
  },
});

export const positive = number({ expected: "a number above 0", holds: (x) => x > 0 });
export const notNegative = number({ expected: "a number of at least 0", holds: (x) => x >= 0 });
const share = number({ expected: "a number from 0 to below 1", holds: (x) => x >= 0 && x < 1 });

export const fraction: Kind<number> = {
  ...share,
  read: (value) => {
    const reading = share.read(value);
    const percent =
      value.kind === "number" &&
      Number.isInteger(value.value) &&
      value.value > 1 &&
      value.value < 100;
    return !reading.ok && percent ? refuse("range", `write ${value.value / 100}`) : reading;
  },
};

export const bool: Kind<boolean> = {
  expected: "true or false",
  read: (value) => (value.kind === "bool" ? read(value.value) : refuse("type")),
};

const inRange = (pair: Pair, least: number): boolean =>
  pair.every((side) => Number.isInteger(side) && side >= least && side <= maxInteger);

export const size: Kind<Pair> = {
  expected: "a size of at least 1x1 such as 3x3",
  read: (value) => {
    if (value.kind === "number") return refuse("type", squareHelp(value.value));
    if (value.kind !== "size") return refuse("type");
    return inRange(value.size, 1) ? read(value.size) : refuse("range");
  },
};

const squareHelp = (side: number): string | undefined =>
  Number.isInteger(side) && side > 0 ? `write ${side}x${side}` : undefined;

/** Windows that are larger than any are numbers of channels in the wrong place. */
const largestKernel = 31;

/** A number, or a list of two, where a window belongs. */
function windowHelp(value: ArgValue): string | undefined {
  if (value.kind === "list") {
    const sides = value.items.flatMap((item) => (item.kind === "number" ? [item.value] : []));
    return sides.length === 2 && value.items.length === 2 ? `write ${sides.join("x")}` : undefined;
  }
  if (value.kind !== "number") return undefined;
  return value.value > largestKernel
    ? "the kernel comes first, then the channels: conv(3x3, 64)"
    : squareHelp(value.value);
}

/** `stride` is absent where only a size is written. */
export interface WindowArg {
  readonly kernel: Pair;
  readonly stride?: Pair;
}

export const window: Kind<WindowArg> = {
  expected: "a window of at least 1x1 such as 3x3, or 3x3/2 with a stride",
  read: (value) => {
    if (value.kind === "size") {
      return inRange(value.size, 1) ? read({ kernel: value.size }) : refuse("range");
    }
    if (value.kind !== "window") return refuse("type", windowHelp(value));
    const { kernel, stride } = value;
    return inRange(kernel, 1) && inRange(stride, 1) ? read({ kernel, stride }) : refuse("range");
  },
};

/** `2` for both directions, or `1x2`. */
export const pair = (least: number): Kind<Pair> => ({
  expected: `a whole number of at least ${least}, or two as 1x2 (height x width)`,
  read: (value) => {
    const sides = bothSides(value);
    if (sides === undefined) return refuse("type");
    return inRange(sides, least) ? read(sides) : refuse("range");
  },
});

const bothSides = (value: ArgValue): Pair | undefined => {
  if (value.kind === "size") return value.size;
  if (value.kind !== "number" || !Number.isInteger(value.value)) return undefined;
  return [value.value, value.value];
};

const unquoted = (text: string): Reading<never> => refuse("type", `write ${text} without quotes`);

/** Padding in pixels as written, with one form for all sides alike. */
export type PixelPad = Pair | Pads;

const pixels = "a whole number, two as 0x3 (height x width), or [top, bottom, left, right]";

export const pixelPad: Kind<PixelPad> = {
  expected: pixels,
  read: (value) => {
    if (value.kind !== "list") return pair(0).read(value);
    const reading = listOf(natural).read(value);
    if (!reading.ok) return reading;
    const [top, bottom, left, right] = reading.value;
    if (reading.value.length !== 4) return refuse("type");
    return read({ top: top!, bottom: bottom!, left: left!, right: right! });
  },
};

/** Padding as written; `padding.ts` turns it into pixels. */
export type PadArg = PixelPad | "same" | "tf_same";

export const pad: Kind<PadArg> = {
  expected: `${pixels}, same or tf_same`.replace("or [", "["),
  words: ["same", "tf_same"],
  read: (value) => {
    if (value.kind === "word" && value.word === "same") return read("same");
    if (value.kind === "word" && value.word === "tf_same") return read("tf_same");
    if (value.kind === "string" && /^(tf_)?same$/.test(value.value)) return unquoted(value.value);
    return pixelPad.read(value);
  },
};

/** A word in quotes is that word, which is to lose them. */
function quoted(text: string, accepted: readonly string[]): Reading<never> {
  const meant = accepted.find((w) => w === text.toLowerCase());
  return meant === undefined ? refuse("type") : unquoted(meant);
}

/** One of a few words. */
export const word = <const W extends string>(...accepted: readonly W[]): Kind<W> => ({
  expected: oneOf(accepted),
  words: accepted,
  read: (value) => {
    if (value.kind === "string") return quoted(value.value, accepted);
    if (value.kind !== "word") return refuse("type");
    const found = accepted.find((w) => w === value.word);
    return found === undefined ? refuse("type") : read(found);
  },
});

const oneOf = (names: readonly string[]): string =>
  names.length === 1 ? names[0]! : `${names.slice(0, -1).join(", ")} or ${names.at(-1)!}`;

/** One number, or a list with one a channel: always read as a list. */
export const perChannel = (bounds?: Bounds): Kind<readonly number[]> => {
  const each = number(bounds);
  return {
    expected: `${each.expected}, or a list of them with one a channel`,
    item: each,
    read: (value) => {
      const items = value.kind === "list" ? value.items : [value];
      if (items.length === 0) return refuse("range");
      const readings = items.map((item) => each.read(item));
      const wrong = readings.find((reading) => !reading.ok);
      if (wrong !== undefined) return wrong;
      return read(readings.flatMap((reading) => (reading.ok ? [reading.value] : [])));
    },
  };
};

/** One of several calls, by name: `sgd(lr: 0.1)`. */
export interface CallArg {
  readonly name: string;
  readonly args: unknown;
}

export const call = (
  noun: string,
  calls: Readonly<Record<string, Signature<unknown>>>,
): Kind<CallArg> => ({
  expected: oneOf(Object.keys(calls)),
  calls,
  noun,
  read: (value) => {
    if (value.kind === "call") return read(value);
    const quoted = value.kind === "string" && Object.hasOwn(calls, value.value);
    return quoted ? unquoted(value.value) : refuse("type");
  },
});

/** One of a few words, or one of several calls: `relu`, `leakyrelu`, `leakyrelu(slope: 0.1)`. */
export const wordOrCall = <const W extends string>(
  words: readonly W[],
  calls: Readonly<Record<string, Signature<unknown>>>,
): Kind<W | CallArg> => {
  const accepted = [...words, ...Object.keys(calls)];
  return {
    expected: oneOf(accepted),
    words,
    calls,
    read: (value) => {
      if (value.kind === "call") return read(value);
      return value.kind === "string" ? quoted(value.value, accepted) : word(...words).read(value);
    },
  };
};

/** The name of something that the spec declares; whether it does is for the reader to say. */
export const reference = (what: string): Kind<string> => ({
  expected: `the name of ${what}`,
  refers: true,
  read: (value) => {
    if (value.kind === "word") return read(value.word);
    const isName = value.kind === "string" && /^[A-Za-z_]\w*$/.test(value.value);
    return isName ? unquoted(value.value) : refuse("type");
  },
});

/** A word for nothing, or one call: `none`, `batchnorm`, `batchnorm(eps: 1e-3)`. */
export const optionalCall = <A>(
  none: string,
  name: string,
  signature: Signature<A>,
): Kind<A | undefined> => ({
  expected: oneOf([none, name]),
  words: [none],
  calls: { [name]: signature },
  read: (value) => {
    if (value.kind === "word" && value.word === none) return read(undefined);
    // `calls` has one entry, so its signature has typed the arguments.
    return value.kind === "call" ? read(value.args as A) : refuse("type");
  },
});

export const listOf = <T>(item: Kind<T>): Kind<readonly T[]> => ({
  expected: `a list, each item ${item.expected}`,
  item,
  read: (value) => {
    if (value.kind !== "list") return refuse("type");
    const readings = value.items.map((each) => item.read(each));
    const wrong = readings.find((reading) => !reading.ok);
    if (wrong !== undefined) return wrong;
    return read(readings.flatMap((reading) => (reading.ok ? [reading.value] : [])));
  },
});
