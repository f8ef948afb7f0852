/** What training makes of a picture once it is resized: torchvision's RandomCrop and flip, drawn. */
export interface Cut {
  /**
   * Black pixels on each side of the resized picture, of which a window in any place is taken.
   * Default: the centre.
   */
  readonly pad?: number;
  /** Of the places that the window may have, the one that lies x, y 2^32ths on from the first. */
  readonly x: number;
  readonly y: number;
  /** Mirrored left to right. */
  readonly flip: boolean;
}
