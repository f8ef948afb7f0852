import type { Slip } from "../scene.js";
import { gluedArguments, missingOpenParenthesis, spacedSize, wrongBrackets } from "./arguments.js";
import {
  bareImport,
  extraBrace,
  extraParenthesis,
  missingCloseBrace,
  missingOpenBrace,
} from "./braces.js";
import {
  danglingArrow,
  missingArrowAfterFrom,
  missingArrowOrLabel,
  missingStep,
  namedStep,
} from "./chains.js";
import { missingCloserOrComma } from "./closers.js";
import { colonForEquals, equalsForColon, extraColon, missingColon } from "./colons.js";
import { extraComma } from "./commas.js";
import { bracketedJoin, unknownJoin } from "./joins.js";
import {
  keywordAsName,
  misspeltWord,
  lateInput,
  missingInput,
  missingItemName,
  missingMemberName,
  missingName,
} from "./names.js";
import { bracedArguments, bracketedRecord, quotedField } from "./records.js";
import { copiesBeforeFrom, copiesFromNothing } from "./repeats.js";
import { missingDeclarationWord, unexpected } from "./unexpected.js";

/**
 * The slips that have a name, in the order in which they are tried: what is certain from one
 * token first, what is guessed from what is missing later, and at last whatever is left.
 */
export const slips: readonly Slip[] = [
  missingName,
  missingItemName,
  missingMemberName,
  bracketedJoin,
  bracketedRecord,
  bracedArguments,
  quotedField,
  extraColon,
  copiesBeforeFrom,
  copiesFromNothing,
  keywordAsName,
  misspeltWord,
  lateInput,
  missingInput,
  extraBrace,
  gluedArguments,
  extraParenthesis,
  missingCloseBrace,
  equalsForColon,
  colonForEquals,
  unknownJoin,
  missingOpenParenthesis,
  spacedSize,
  wrongBrackets,
  bareImport,
  missingOpenBrace,
  missingCloserOrComma,
  extraComma,
  danglingArrow,
  missingStep,
  namedStep,
  missingArrowAfterFrom,
  missingArrowOrLabel,
  missingColon,
  missingDeclarationWord,
  unexpected,
];
