/** Media that is no file: contacts, places, dice, polls, and previews of links. */
import type { TlObject } from '../tl/values.ts';
import type { Chat } from '../world.ts';
import { hashOf, numberOf } from '../world-names.ts';
import { takePoll } from './poll-media.ts';
import { RpcError } from './rpc-error.ts';

const DICE_SIDES = 6;

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
      const emoticon = media.emoticon as string;
      const value = 1 + Number(numberOf(DICE_SIDES, emoticon, Date.now()));
      return { _: 'messageMediaDice', emoticon, value };
    }
    case 'inputMediaPoll':
      return takePoll(now, chat, media);
    case 'inputMediaWebPage': {
      const url = media.url as string;
      const webpage = { _: 'webPagePending', id: hashOf('page', url), url, date: now };
      return { _: 'messageMediaWebPage', webpage };
    }
    case 'inputMediaPhotoExternal':
    case 'inputMediaDocumentExternal':
      throw new RpcError(400, 'WEBPAGE_CURL_FAILED');
    default:
      throw new RpcError(400, 'MEDIA_INVALID');
  }
}

/** The kind of such media in reports and on pages: `contact`, `geo`, `venue`, `dice`, `poll`, `webpage`. */
export function specialKind({ _ }: TlObject): string {
  return _.replace('messageMedia', '').toLowerCase();
}

function geoPoint(media: TlObject): TlObject {
  const point = media.geoPoint as TlObject;
  if (point._ !== 'inputGeoPoint') throw new RpcError(400, 'GEO_POINT_INVALID');
  return { _: 'geoPoint', long: point.long, lat: point.lat, accessHash: 0n };
}
