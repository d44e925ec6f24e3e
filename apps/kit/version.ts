/** The version of the project. */
import manifest from '../../package.json' with { type: 'json' };

export const { version } = manifest;
