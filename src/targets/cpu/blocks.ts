/** Channels of one block: kBlock of native/cpu/shape.hpp. */
export const block = 16;
