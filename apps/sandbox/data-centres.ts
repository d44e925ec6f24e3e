/** The data centres that one sandbox plays. Each has a port and auth keys of its own; accounts live in one of them. */

/** The first one, which clients are pointed at. */
export const HOME_DC = 2;
/** Where the other accounts live. */
export const OTHER_DC = 4;

/** All data centres, in the order that they are listed in. */
export const DATA_CENTRES: readonly number[] = [HOME_DC, OTHER_DC];
