import { foreignOperators, type Foreign } from "./table.js";
import { foreignWords, type ForeignWord } from "./words.js";

/** What differs between frameworks for one and the same name. */
export const plain = (name: string): string => name.toLowerCase().replaceAll("_", "");

const listed = (names: string): string[] => names.split(/\s+/);

const byName: ReadonlyMap<string, Foreign> = new Map(
  foreignOperators.flatMap((each) => listed(each.names).map((name) => [name, each])),
);

/** What an operator of another framework is here; undefined for one that nobody has. */
export const foreignOperator = (name: string): Foreign | undefined => byName.get(plain(name));

/** Their plain names, to see whether one was misspelt; of two letters, anything is near. */
export const foreignNames: readonly string[] = [...byName.keys()].filter((n) => n.length > 2);

/** What a word is that the same argument takes elsewhere; `accepted` are the words here. */
export const foreignWord = (name: string, accepted: readonly string[]): ForeignWord | undefined =>
  foreignWords.find(
    ({ among, names }) =>
      accepted.includes(among) &&
      listed(names).some((each) => each === (/[A-Z]/.test(each) ? name : plain(name))),
  );
