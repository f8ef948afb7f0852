/** Placeholder type until the argument tables land in this file. */
export interface Signature<A> {
  readonly args?: A;
}
