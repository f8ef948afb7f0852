/** A decoded picture, for native/picture: samples in rows, the channels of a pixel side by side. */
export interface Raster {
  readonly data: Uint8Array;
  /** As stored, the orientation not applied; in pixels. */
  readonly width: number;
  readonly height: number;
  /** Grey 1, RGB 3, CMYK 4; one more is alpha, which is dropped. */
  readonly channels: number;
  readonly cmyk: boolean;
  /** Of two, in the machine's order, the high one counts. */
  readonly sampleBytes: 1 | 2;
  /** EXIF's, 1 to 8. */
  readonly orientation: number;
}
