/** What the filters of messages.search let through (core.telegram.org/type/MessagesFilter). */
import { contentOf } from '../world/deliveries.ts';
import { marksOf, type Written } from './written.ts';

type Fits = (written: Written) => boolean;

const filters: Readonly<Record<string, Fits>> = {
  inputMessagesFilterEmpty: () => true,
  inputMessagesFilterPhotos: ofKind('photo'),
  inputMessagesFilterVideo: ofKind('video'),
  inputMessagesFilterPhotoVideo: ofKind('photo', 'video'),
  inputMessagesFilterDocument: ofKind('document'),
  inputMessagesFilterGif: ofKind('animation'),
  inputMessagesFilterVoice: ofKind('voice'),
  inputMessagesFilterMusic: ofKind('audio'),
  inputMessagesFilterRoundVideo: ofKind('video_note'),
  inputMessagesFilterRoundVoice: ofKind('video_note', 'voice'),
  inputMessagesFilterContacts: ofCard('messageMediaContact'),
  inputMessagesFilterGeo: ofCard('messageMediaGeo', 'messageMediaGeoLive', 'messageMediaVenue'),
  inputMessagesFilterPoll: ofCard('messageMediaPoll'),
  inputMessagesFilterPinned: (written) => marksOf(written)?.isPinned === true,
  inputMessagesFilterUrl: ({ delivery }) => {
    const { entities = [] } = delivery ? contentOf(delivery) : {};
    return (entities ?? []).some(({ _ }) => _ === 'messageEntityUrl' || _ === 'messageEntityTextUrl');
  },
};

/** Whether a message passes a filter. What the sandbox has none of, such as calls, passes none. */
export function fitsFilter(written: Written, filter = 'inputMessagesFilterEmpty'): boolean {
  return filters[filter]?.(written) ?? false;
}

function ofKind(...kinds: string[]): Fits {
  return ({ delivery }) => delivery !== undefined && kinds.includes(contentOf(delivery).media?.kind ?? '');
}

function ofCard(...names: string[]): Fits {
  return ({ delivery }) => delivery !== undefined && names.includes(contentOf(delivery).special?._ ?? '');
}
