/** The settings of where media may come from and how large it may be. */
import * as setting from '../../kit/config.ts';

export const mediaSettings = {
  MAX_UPLOAD_MB: setting.integer(2000, 1, 4000, 'the largest file taken, in MB'),
  MEDIA_ROOT: setting.text(
    undefined,
    'the folder that the field path may name files of, for example /srv/media',
  ),
  ALLOW_PRIVATE_URLS: setting.flag(false),
};
