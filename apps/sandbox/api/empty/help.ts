/** help.* and langpack.*: what clients ask of Telegram itself, most of it before anyone is signed in. */
import type { TlValue } from '../../tl/values.ts';
import { NO_PEERS } from './lists.ts';

const NO_COLOURS = { _: 'help.peerColors', hash: 0, colors: [] };
const NO_STRINGS = { _: 'langPackDifference', langCode: 'en', fromVersion: 0, version: 0, strings: [] };
const ENGLISH = {
  _: 'langPackLanguage',
  official: true,
  name: 'English',
  nativeName: 'English',
  langCode: 'en',
  pluralCode: 'en',
  stringsCount: 0,
  translatedCount: 0,
  translationsUrl: 'https://translations.telegram.org/en/',
};

export const EMPTY_HELP: Readonly<Record<string, TlValue>> = {
  'help.acceptTermsOfService': true,
  'help.dismissSuggestion': true,
  'help.getAppUpdate': { _: 'help.noAppUpdate' },
  'help.getCdnConfig': { _: 'cdnConfig', publicKeys: [] },
  'help.getDeepLinkInfo': { _: 'help.deepLinkInfoEmpty' },
  'help.getInviteText': { _: 'help.inviteText', message: 'https://telegram.org/dl' },
  'help.getPassportConfig': {
    _: 'help.passportConfig',
    hash: 0,
    countriesLangs: { _: 'dataJSON', data: '{}' },
  },
  'help.getPeerColors': NO_COLOURS,
  'help.getPeerProfileColors': NO_COLOURS,
  'help.getPremiumPromo': {
    _: 'help.premiumPromo',
    statusText: '',
    statusEntities: [],
    videoSections: [],
    videos: [],
    periodOptions: [],
    users: [],
  },
  'help.getRecentMeUrls': { _: 'help.recentMeUrls', urls: [], ...NO_PEERS },
  'help.getSupportName': { _: 'help.supportName', name: 'Sandbox' },
  'help.getTimezonesList': {
    _: 'help.timezonesList',
    timezones: [{ _: 'timezone', id: 'Etc/UTC', name: 'UTC', utcOffset: 0 }],
    hash: 0,
  },
  'help.hidePromoData': true,
  'help.saveAppLog': true,
  'langpack.getDifference': NO_STRINGS,
  'langpack.getLangPack': NO_STRINGS,
  'langpack.getLanguage': ENGLISH,
  'langpack.getLanguages': [ENGLISH],
  'langpack.getStrings': [],
};
