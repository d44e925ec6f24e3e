/** help.* and langpack.*: what clients ask of Telegram itself, most of it before anyone is signed in. */
import type { TlValue } from '../../tl/values.ts';
import { noPeers } from './lists.ts';

const noColours = { _: 'help.peerColors', hash: 0, colors: [] };
const noStrings = { _: 'langPackDifference', langCode: 'en', fromVersion: 0, version: 0, strings: [] };
const english = {
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

export const emptyHelp: Readonly<Record<string, TlValue>> = {
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
  'help.getPeerColors': noColours,
  'help.getPeerProfileColors': noColours,
  'help.getPremiumPromo': {
    _: 'help.premiumPromo',
    statusText: '',
    statusEntities: [],
    videoSections: [],
    videos: [],
    periodOptions: [],
    users: [],
  },
  'help.getRecentMeUrls': { _: 'help.recentMeUrls', urls: [], ...noPeers },
  'help.getSupportName': { _: 'help.supportName', name: 'Sandbox' },
  'help.getTimezonesList': {
    _: 'help.timezonesList',
    timezones: [{ _: 'timezone', id: 'Etc/UTC', name: 'UTC', utcOffset: 0 }],
    hash: 0,
  },
  'help.hidePromoData': true,
  'help.saveAppLog': true,
  'langpack.getDifference': noStrings,
  'langpack.getLangPack': noStrings,
  'langpack.getLanguage': english,
  'langpack.getLanguages': [english],
  'langpack.getStrings': [],
};
