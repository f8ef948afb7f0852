import type { Network } from "../../src/model/network.js";

/** Everything of a network but where it is written and what its comments say, to be compared. */
export const meaningOf = (network: Network): string =>
  JSON.stringify(network, (key, value: unknown) => {
    if (untold.has(key)) return undefined;
    return key === "operator" ? (value as { readonly name: string }).name : value;
  });

const untold = new Set(["span", "frames", "sources", "doc"]);
