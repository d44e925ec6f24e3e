/** The data centres that one sandbox plays. Each has a port and auth keys of its own; accounts live in one of them. */

/** The data centre that clients are pointed at, and where an account lives unless it names another. */
export const homeDc = 2;

/**
 * All data centres. `port` is its port's name in the code, `setting` in the environment. Where that setting is left
 * open, a data centre listens `offset` above the port of the first one.
 */
export const dataCentres = [
  { id: homeDc, port: 'port', setting: 'SANDBOX_PORT', offset: 0 },
  { id: 4, port: 'secondPort', setting: 'SANDBOX_SECOND_PORT', offset: 2 },
  { id: 1, port: 'dc1Port', setting: 'SANDBOX_DC1_PORT', offset: 5 },
] as const;

/** All listeners: the data centres, and the address where the home data centre takes files and nothing else. */
export const listeners = [
  ...dataCentres.map((each) => ({ ...each, isMedia: false })),
  { id: homeDc, port: 'mediaPort', setting: 'SANDBOX_MEDIA_PORT', offset: 3, isMedia: true },
] as const;

/** The name of a listener's port in the code. */
export type ListenerPort = (typeof listeners)[number]['port'];

/** The ids of all data centres. */
export const dcIds: readonly number[] = dataCentres.map(({ id }) => id);
