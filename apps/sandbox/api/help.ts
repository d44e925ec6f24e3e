/** help.*: the configuration that clients read at start. */
import { dcIds, homeDc } from '../world/data-centres.ts';
import { signedInKey } from '../mtproto/auth-keys.ts';
import type { TlObject } from '../tl/values.ts';
import { defaultReaction } from './available-reactions.ts';
import { method, openMethod, type MethodTable, type OpenContext } from './method.ts';
import { maxPollAnswers } from './poll-media.ts';

const configValidS = 3600;
const appConfigHash = 1;
const frozenForS = 30 * 86_400;

export const openHelpMethods: MethodTable = {
  'help.getConfig': openMethod(configObject),
  'help.getAppConfig': openMethod<TlObject & { hash: number }>(({ state, call }, { hash: known }) => {
    const account = state.accounts.find(signedInKey(call.session.authKey).accountId);
    const frozenSince = account?.frozenAt && Math.floor(account.frozenAt / 1000);
    const hash = frozenSince ?? appConfigHash;
    if (known === hash) return { _: 'help.appConfigNotModified' };
    const value = [...appConfig, ...(frozenSince ? freezeOf(frozenSince) : [])];
    return { _: 'help.appConfig', hash, config: { _: 'jsonObject', value } };
  }),
  'help.getNearestDc': openMethod(({ call }) => {
    const thisDc = call.session.authKey.dc;
    return { _: 'nearestDc', country: 'XX', thisDc, nearestDc: thisDc };
  }),
};

/** What an account is shown of advertising and of new terms of service: there are none. */
export const helpMethods: MethodTable = {
  'help.getPromoData': method(({ state }) => {
    return { _: 'help.promoDataEmpty', expires: state.clock.seconds() + configValidS };
  }),
  'help.getTermsOfServiceUpdate': method(({ state }) => {
    return { _: 'help.termsOfServiceUpdateEmpty', expires: state.clock.seconds() + configValidS };
  }),
};

const appConfig: readonly TlObject[] = [
  jsonNumber('caption_length_limit_default', 1024),
  jsonNumber('caption_length_limit_premium', 4096),
  jsonNumber('upload_max_fileparts_default', 4000),
  jsonNumber('upload_max_fileparts_premium', 8000),
  jsonNumber('dialogs_pinned_limit_default', 5),
  jsonNumber('poll_answers_max', maxPollAnswers),
];

/** What a frozen account is told: since when, when it will be deleted, and where to appeal. */
function freezeOf(since: number): TlObject[] {
  const value = { _: 'jsonString', value: 'https://t.me/spambot' };
  return [
    jsonNumber('freeze_since_date', since),
    jsonNumber('freeze_until_date', since + frozenForS),
    { _: 'jsonObjectValue', key: 'freeze_appeal_url', value },
  ];
}

function jsonNumber(key: string, value: number): TlObject {
  return { _: 'jsonObjectValue', key, value: { _: 'jsonNumber', value } };
}

/** The configuration, with the address that the client reached us at; files have one of their own. */
function configObject({ state, call }: OpenContext): TlObject {
  const now = state.clock.seconds();
  const { host, port } = call.session.sink.localAddress;
  const thisDc = call.session.authKey.dc;
  const shared = { _: 'dcOption', ipAddress: host, ipv6: host.includes(':'), thisPortOnly: true };
  const dcOptions: TlObject[] = dcIds.flatMap((id) => {
    const isReached = id === thisDc && !call.connection.isMedia;
    const option = { ...shared, id, port: isReached ? port : (state.dataCentres.get(id) ?? port) };
    // TDLib prefers its built-in addresses to static ones, unless it uses a proxy; grammers connects to static ones alone.
    return [option, { ...option, static: true }];
  });
  dcOptions.push({ ...shared, id: homeDc, port: state.mediaPort, mediaOnly: true });
  return {
    _: 'config',
    date: now,
    expires: now + configValidS,
    testMode: false,
    thisDc,
    dcOptions,
    dcTxtDomainName: '',
    chatSizeMax: 200,
    megagroupSizeMax: 200_000,
    forwardedCountMax: 100,
    onlineUpdatePeriodMs: 210_000,
    offlineBlurTimeoutMs: 5000,
    offlineIdleTimeoutMs: 30_000,
    onlineCloudTimeoutMs: 300_000,
    notifyCloudDelayMs: 30_000,
    notifyDefaultDelayMs: 1500,
    pushChatPeriodMs: 60_000,
    pushChatLimit: 2,
    editTimeLimit: 172_800,
    revokeTimeLimit: 2_147_483_647,
    revokePmTimeLimit: 2_147_483_647,
    ratingEDecay: 2_419_200,
    stickersRecentLimit: 200,
    channelsReadMediaPeriod: 604_800,
    callReceiveTimeoutMs: 20_000,
    callRingTimeoutMs: 90_000,
    callConnectTimeoutMs: 30_000,
    callPacketTimeoutMs: 10_000,
    meUrlPrefix: 'https://t.me/',
    captionLengthMax: 1024,
    messageLengthMax: 4096,
    webfileDcId: thisDc,
    reactionsDefault: defaultReaction(state.accounts.find(signedInKey(call.session.authKey).accountId)),
  };
}
