/** A spooled file as Telegram is asked to make a photo, or a document with the attributes of its kind, of it. */
import type { FileContent, OutgoingFile, TlObject } from '../model/account.ts';
import { wholeSeconds } from '../model/media-kinds.ts';
import type { StoredMedia } from '../model/message.ts';
import { packWaveform } from './waveform.ts';

/** A file by itself, wherever its bytes are. */
export type Medium = Omit<StoredMedia, 'spooled' | 'thumbnail'>;

/** A file of a message, with its bytes at the absolute path `file`. */
export function outgoingFile(medium: Medium, file: string, thumbnail?: FileContent): OutgoingFile {
  const { sizeBytes } = medium;
  const input: OutgoingFile['input'] = (uploaded, thumb) => inputMedia(medium, uploaded, thumb);
  return { file, sizeBytes, name: uploadName(medium), thumbnail, input };
}

/** Telegram refuses photos whose name ends otherwise, and takes WebP under the name of a PNG. */
function uploadName({ kind, mimeType, name }: Medium): string {
  if (kind !== 'photo') return name;
  return mimeType === 'image/jpeg' ? 'photo.jpg' : 'photo.png';
}

function inputMedia(medium: Medium, file: object, thumb: object | undefined): TlObject {
  const { kind, mimeType } = medium;
  const spoiler = medium.spoiler === true && { spoiler: true };
  if (kind === 'photo') return { className: 'InputMediaUploadedPhoto', file, ...spoiler };
  return {
    className: 'InputMediaUploadedDocument',
    file,
    mimeType,
    attributes: attributesOf(medium),
    ...spoiler,
    ...(thumb && { thumb }),
    ...(kind === 'document' && { forceFile: true }),
    // Without this Telegram makes a looping animation of a film that has no sound.
    ...((kind === 'video' || kind === 'video_note') && medium.hasSound === false && { nosoundVideo: true }),
  };
}

function attributesOf(medium: Medium): TlObject[] {
  const name = { className: 'DocumentAttributeFilename', fileName: medium.name };
  const { kind, width: w, height: h, durationS = 0, title, performer } = medium;
  const isPicture = medium.mimeType.startsWith('image/');
  switch (kind) {
    case 'video':
      return [video(medium), name];
    case 'video_note':
      return [{ ...video(medium), roundMessage: true }, name];
    case 'animation':
      return [
        ...(isPicture ? pictureSize(w, h) : [video(medium)]),
        { className: 'DocumentAttributeAnimated' },
        name,
      ];
    case 'audio':
    case 'voice': {
      const tags = { ...(title !== undefined && { title }), ...(performer !== undefined && { performer }) };
      const waveform = medium.waveform && { waveform: packWaveform(medium.waveform) };
      const voice = kind === 'voice' && { voice: true, ...waveform };
      const duration = wholeSeconds(durationS);
      return [{ className: 'DocumentAttributeAudio', duration, ...tags, ...voice }, name];
    }
    case 'photo':
    case 'document':
      return [...(isPicture ? pictureSize(w, h) : []), name];
  }
}

function video({ width = 0, height = 0, durationS = 0, mimeType, hasSound }: Medium): TlObject {
  return {
    className: 'DocumentAttributeVideo',
    w: width,
    h: height,
    duration: wholeSeconds(durationS),
    ...(mimeType === 'video/mp4' && { supportsStreaming: true }),
    ...(hasSound === false && { nosound: true }),
  };
}

function pictureSize(w: number | undefined, h: number | undefined): TlObject[] {
  return w === undefined || h === undefined ? [] : [{ className: 'DocumentAttributeImageSize', w, h }];
}
