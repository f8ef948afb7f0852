/** One file of C++, ready for its template. */
export interface EmittedFile {
  readonly name: string;
  /** What its first line says of it. */
  readonly title: string;
  readonly template: string;
  readonly data: object;
}
