/** Media that is no file: contacts, places, dice, polls, and previews of links. */
import { randomInt } from 'node:crypto';
import type { SpecialKind } from '../world/deliveries.ts';
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world/chat.ts';
import { hashOf } from '../world/names.ts';
import { takePoll } from './poll-media.ts';
import { RpcError } from '../mtproto/rpc-error.ts';

/** How many values each die has (core.telegram.org/api/dice). */
const diceSides: ReadonlyMap<string, number> = new Map([
  ['🎲', 6],
  ['🎯', 6],
  ['🎳', 6],
  ['🏀', 5],
  ['⚽', 5],
  ['🎰', 64],
]);

const defaultLiveS = 900;

/** What a message shows for such an input. Throws what Telegram answers to the inputs that it cannot carry out. */
export function specialMedia(now: number, chat: Chat, media: TlObject): TlObject {
  switch (media._) {
    case 'inputMediaContact': {
      const { phoneNumber, firstName, lastName, vcard } = media;
      return { _: 'messageMediaContact', phoneNumber, firstName, lastName, vcard, userId: 0n };
    }
    case 'inputMediaGeoPoint':
      return { _: 'messageMediaGeo', geo: geoPoint(media) };
    case 'inputMediaVenue': {
      const { title, address, provider, venueId, venueType } = media;
      return { _: 'messageMediaVenue', geo: geoPoint(media), title, address, provider, venueId, venueType };
    }
    case 'inputMediaDice': {
      const emoticon = (media.emoticon as string).replace('\ufe0f', '');
      const sides = diceSides.get(emoticon);
      if (sides === undefined) throw new RpcError(400, 'EMOTICON_INVALID');
      const value = randomInt(sides) + 1;
      return { _: 'messageMediaDice', emoticon, value };
    }
    case 'inputMediaPoll':
      return takePoll(now, chat, media);
    case 'inputMediaWebPage': {
      const url = media.url as string;
      const webpage = { _: 'webPagePending', id: hashOf('page', url), url, date: now };
      return { _: 'messageMediaWebPage', webpage };
    }
    case 'inputMediaGeoLive': {
      const { heading, period = defaultLiveS, proximityNotificationRadius } = media;
      return { _: 'messageMediaGeoLive', geo: geoPoint(media), heading, period, proximityNotificationRadius };
    }
    case 'inputMediaPhotoExternal':
    case 'inputMediaDocumentExternal':
      throw new RpcError(400, isWebAddress(media.url) ? 'WEBPAGE_CURL_FAILED' : 'EXTERNAL_URL_INVALID');
    case 'inputMediaTodo':
      throw new RpcError(403, 'PREMIUM_ACCOUNT_REQUIRED');
    case 'inputMediaStory':
      throw new RpcError(400, 'STORY_ID_INVALID');
    case 'inputMediaEmpty':
      throw new RpcError(400, 'MEDIA_EMPTY');
    default:
      throw new RpcError(400, 'MEDIA_INVALID');
  }
}

/** The kind of such media in reports and on pages: `contact`, `geo`, `geolive`, `venue`, `dice`, `poll`, `webpage`. */
export function specialKind({ _ }: TlObject): SpecialKind {
  return _.replace('messageMedia', '').toLowerCase() as SpecialKind;
}

function isWebAddress(url: unknown): boolean {
  return typeof url === 'string' && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

function geoPoint(media: TlObject): TlObject {
  const { _, lat, long, accuracyRadius } = media.geoPoint as TlObject & { lat: number; long: number };
  const isPlace = _ === 'inputGeoPoint' && Math.abs(lat) <= 90 && Math.abs(long) <= 180;
  if (!isPlace) throw new RpcError(400, 'GEO_POINT_INVALID');
  return { _: 'geoPoint', long, lat, accessHash: 0n, accuracyRadius };
}
