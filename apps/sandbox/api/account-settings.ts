/** Settings of an account that are kept and given back, and change nothing else here. */
import type { Account } from '../world/accounts.ts';
import type { TlObject, TlValue } from '../tl/values.ts';
import { method, type MethodTable } from './method.ts';

/** One setting: its value until it is set, and the methods that read and write it. */
interface Setting {
  get: string;
  set: string;
  initial: TlValue;
  /** What a request sets it to. */
  valueIn: (request: TlObject) => TlValue;
  /** Tells apart settings that are read and written by the same methods. */
  keyOf?: (request: TlObject) => string;
  /** Whether setting it answers with the new value rather than true. */
  isEchoed?: boolean;
}

const allowAll: TlObject = { _: 'privacyValueAllowAll' };

const accountSettings: readonly Setting[] = [
  {
    get: 'account.getAccountTTL',
    set: 'account.setAccountTTL',
    initial: { _: 'accountDaysTTL', days: 365 },
    valueIn: ({ ttl }) => ttl,
  },
  {
    get: 'account.getContactSignUpNotification',
    set: 'account.setContactSignUpNotification',
    initial: false,
    valueIn: ({ silent }) => silent,
  },
  {
    get: 'account.getContentSettings',
    set: 'account.setContentSettings',
    initial: { _: 'account.contentSettings' },
    valueIn: ({ sensitiveEnabled }) => ({ _: 'account.contentSettings', sensitiveEnabled }),
  },
  {
    get: 'account.getGlobalPrivacySettings',
    set: 'account.setGlobalPrivacySettings',
    initial: { _: 'globalPrivacySettings' },
    valueIn: ({ settings }) => settings,
    isEchoed: true,
  },
  {
    get: 'account.getPrivacy',
    set: 'account.setPrivacy',
    initial: privacyOf([allowAll]),
    valueIn: ({ rules }) => privacyOf((rules as TlObject[]).map(ruleOf)),
    keyOf: ({ key }) => (key as TlObject)._,
    isEchoed: true,
  },
  {
    get: 'account.getReactionsNotifySettings',
    set: 'account.setReactionsNotifySettings',
    initial: {
      _: 'reactionsNotifySettings',
      messagesNotifyFrom: { _: 'reactionNotificationsFromAll' },
      storiesNotifyFrom: { _: 'reactionNotificationsFromAll' },
      sound: { _: 'notificationSoundDefault' },
      showPreviews: true,
    },
    valueIn: ({ settings }) => settings,
    isEchoed: true,
  },
  {
    get: 'messages.getDefaultHistoryTTL',
    set: 'messages.setDefaultHistoryTTL',
    initial: { _: 'defaultHistoryTTL', period: 0 },
    valueIn: ({ period }) => ({ _: 'defaultHistoryTTL', period }),
  },
];

const kept = new WeakMap<Account, Map<string, TlValue>>();

export const settingMethods: MethodTable = Object.fromEntries(accountSettings.flatMap(methodsOf));

function methodsOf(setting: Setting) {
  const keyOf = (request: TlObject) => `${setting.get} ${setting.keyOf?.(request) ?? ''}`;
  const get = method(({ account }, request) => kept.get(account)?.get(keyOf(request)) ?? setting.initial);
  const set = method(({ account }, request) => {
    const value = setting.valueIn(request);
    const values = kept.get(account) ?? new Map<string, TlValue>();
    kept.set(account, values.set(keyOf(request), value));
    return setting.isEchoed ? value : true;
  });
  return [
    [setting.get, get],
    [setting.set, set],
  ] as const;
}

function privacyOf(rules: readonly TlObject[]): TlObject {
  return { _: 'account.privacyRules', rules, chats: [], users: [] };
}

/** A rule as it is read: rules that name users or chats hold their ids. */
function ruleOf({ _: name, users, chats }: TlObject): TlObject {
  const ids = (users as TlObject[] | undefined)?.flatMap(({ userId }) => userId ?? []);
  return { _: name.replace(/^inputP/, 'p'), users: ids, chats };
}
