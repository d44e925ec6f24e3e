/** What a file is, by its content, and what Telegram is to make of it. */
import { Problem } from '../../kit/errors.ts';
import { reason, type Reason } from '../../kit/reason.ts';
import { documentType } from './document-type.ts';
import { readFirstBytes, type FirstBytes } from './first-bytes.ts';
import { readPicture } from '../../kit/picture.ts';
import {
  audioTypes,
  bombPixels,
  gifType,
  kindTakes,
  opusType,
  otherVoiceTypes,
  photoLimits,
  photoTypes,
  videoNoteLimitS,
  videoTypes,
  wholeSeconds,
  type MediaKind,
} from '../model/media-kinds.ts';
import type { Size } from './mp4-size.ts';
import { opusWaveform } from './opus-waveform.ts';
import { readTracks, type Tracks } from './tracks.ts';

export type RequestedKind = 'auto' | MediaKind;

export interface Recognised {
  readonly kind: MediaKind;
  readonly mimeType: string;
  readonly width?: number;
  readonly height?: number;
  readonly durationS?: number;
  readonly title?: string;
  readonly performer?: string;
  /** Of a voice message: how loud it is along its length, from 0 to 31. */
  readonly waveform?: readonly number[];
  /** Of a video: whether it has sound. */
  readonly hasSound?: boolean;
  /** What was done otherwise than asked, for people. */
  readonly note?: Reason;
}

/** A file, and what its caller says about it. */
export interface Candidate {
  /** The field it came in, for errors. */
  readonly field: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly name: string | undefined;
  readonly kind: RequestedKind;
  /** Told to Telegram of a document; never decides what a file is. */
  readonly mimeType: string | undefined;
  /** The type that its server or its part of a body told. */
  readonly toldType: string | undefined;
}

interface Looked extends Candidate {
  readonly first: FirstBytes;
}

/**
 * Recognises a file by its bytes. Only where they tell a container or nothing, its name decides, and then what was told of
 * it.
 * @throws Problem media_invalid when it cannot be of the kind that was asked for, saying what that kind takes
 */
export async function recognise(file: Candidate): Promise<Recognised> {
  const first = await readFirstBytes(file.path);
  const candidate = { ...file, first };
  const { type } = first;
  const size = type?.startsWith('image/') ? (await readPicture(candidate.path))?.size : undefined;
  if (size) return recognisePicture(candidate, type!, size);
  const isFilm = type !== undefined && (videoTypes.has(type) || audioTypes.has(type));
  const tracks = isFilm ? await readTracks(candidate.path, type) : undefined;
  if (tracks) return recogniseTracks(candidate, type!, tracks);
  if (type === undefined) return asDocument(candidate, type, 'is no picture, audio or video');
  const isReadable = isFilm || photoTypes.has(type) || type === gifType;
  return asDocument(candidate, type, isReadable ? `is damaged ${type}` : `is ${type}`);
}

function recognisePicture(candidate: Looked, type: string, size: Size): Recognised {
  const { field, kind } = candidate;
  if (kind === 'document') return { ...document(candidate, type), ...size };
  if (size.width * size.height > bombPixels) {
    const detail = `${field} declares ${size.width} × ${size.height} pixels: send it with kind document, if it is meant so`;
    throw new Problem('media_invalid', detail);
  }
  if (type === gifType && (kind === 'auto' || kind === 'animation'))
    return { kind: 'animation', mimeType: gifType, ...size };
  if (!photoTypes.has(type) || (kind !== 'auto' && kind !== 'photo'))
    return { ...asDocument(candidate, type, `is ${type}`), ...size };
  const beyond = beyondPhoto(candidate, size);
  if (beyond === undefined) return { kind: 'photo', mimeType: type, ...size };
  return { ...document(candidate, type), ...size, note: beyond };
}

/** Why Telegram would not take a picture as a photo, or undefined when it does. */
function beyondPhoto({ field, sizeBytes }: Candidate, { width, height }: Size): Reason | undefined {
  const { bytes, sidesPx, proportion } = photoLimits;
  if (sizeBytes > bytes) return reason('photo_too_large', { field, most: bytes, size: sizeBytes });
  if (width + height > sidesPx) return reason('photo_too_wide', { field, most: sidesPx, width, height });
  if (Math.max(width, height) > proportion * Math.min(width, height))
    return reason('photo_too_narrow', { field, most: proportion, width, height });
  return undefined;
}

async function recogniseTracks(candidate: Looked, type: string, tracks: Tracks): Promise<Recognised> {
  const { kind } = candidate;
  const film = videoTypes.has(type) && tracks.hasVideo ? tracks.size : undefined;
  const sound = !tracks.hasVideo && tracks.hasAudio ? asAudio(type) : undefined;
  switch (kind) {
    case 'auto':
      if (film) return video('video', type, tracks, film);
      return sound === undefined ? document(candidate, type) : audio(sound, tracks);
    case 'video':
      if (film) return video(kind, type, tracks, film);
      break;
    case 'animation':
      if (film && type !== 'video/quicktime' && !tracks.hasAudio) return video(kind, type, tracks, film);
      if (film && tracks.hasAudio) return asDocument(candidate, type, `is ${type} with sound`);
      break;
    case 'video_note': {
      const { durationS = 0 } = tracks;
      if (!film || asVideo(type) !== 'video/mp4') break;
      const seconds = wholeSeconds(durationS);
      if (film.width === film.height && seconds <= videoNoteLimitS) return video(kind, type, tracks, film);
      const shape = `${film.width} × ${film.height} px and ${seconds} s`;
      return asDocument(candidate, type, `is a video of ${shape}`);
    }
    case 'audio':
      if (sound !== undefined) return audio(sound, tracks);
      break;
    case 'voice':
      if (type === opusType)
        return voice('audio/ogg', tracks, await opusWaveform(candidate.path, tracks.durationS));
      if (sound !== undefined && otherVoiceTypes.has(sound)) return voice(sound, tracks);
      break;
    case 'document':
    case 'photo':
  }
  return asDocument(candidate, type, `is ${type}${film || sound ? '' : ' without a track of that kind'}`);
}

function video(kind: MediaKind, type: string, tracks: Tracks, size: Size): Recognised {
  return { kind, mimeType: asVideo(type), ...size, ...lengthOf(tracks), hasSound: tracks.hasAudio };
}

function audio(mimeType: string, tracks: Tracks): Recognised {
  const { title, performer } = tracks;
  return {
    kind: 'audio',
    mimeType,
    ...lengthOf(tracks),
    ...(title !== undefined && { title }),
    ...(performer !== undefined && { performer }),
  };
}

function voice(mimeType: string, tracks: Tracks, waveform?: readonly number[]): Recognised {
  return { kind: 'voice', mimeType, ...lengthOf(tracks), ...(waveform && { waveform }) };
}

function lengthOf({ durationS }: Tracks) {
  return durationS === undefined ? {} : { durationS };
}

/** The names Telegram's clients know the types by. */
function asVideo(type: string): string {
  return type === 'video/x-m4v' ? 'video/mp4' : type;
}

function asAudio(type: string): string | undefined {
  if (type === opusType) return 'audio/ogg';
  if (type === 'audio/x-m4a' || type === 'video/mp4' || type === 'video/x-m4v') return 'audio/mp4';
  return audioTypes.has(type) ? type : undefined;
}

/** As a document, if that or nothing in particular was asked for. @throws Problem media_invalid if not */
function asDocument(candidate: Looked, type: string | undefined, what: string): Recognised {
  const { field, kind } = candidate;
  if (kind === 'auto' || kind === 'document') return document(candidate, type);
  throw new Problem('media_invalid', `${field} ${what}: ${kindTakes[kind]}`);
}

function document({ name, mimeType, toldType, first }: Looked, type = first.type): Recognised {
  return { kind: 'document', mimeType: mimeType ?? documentType({ ...first, type }, name, toldType) };
}
