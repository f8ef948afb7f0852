/**
 * What the process's exit code says; docs and `--help` list the same. The last is the shell's for
 * Ctrl-C (128 and the signal's number).
 */
export const exitCode = { ok: 0, no: 1, couldNot: 2, bug: 70, interrupted: 130 } as const;

/** Ends a verb whose answer is no: the message has been printed. */
export class Refusal extends Error {}

/** Ends a verb that was asked to stop, and did so in order: the message has been printed. */
export class Interrupted extends Error {}
