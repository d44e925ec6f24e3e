/** An uploaded file as the medium it is to become. */
import { Api } from 'telegram/tl/index.js';
import { wholeSeconds } from '../model/media-kinds.ts';
import type { MediaContent } from '../model/account.ts';
import { packWaveform } from './waveform.ts';

/** A photo, or a document with the attributes of its kind; `thumb` is the picture uploaded to stand for it. */
export function inputMedia(
  media: MediaContent,
  file: Api.TypeInputFile,
  thumb?: Api.TypeInputFile,
): Api.TypeInputMedia {
  const { kind, mimeType } = media;
  const spoiler = media.spoiler === true && { spoiler: true };
  if (kind === 'photo') return new Api.InputMediaUploadedPhoto({ file, ...spoiler });
  return new Api.InputMediaUploadedDocument({
    file,
    mimeType,
    attributes: attributesOf(media),
    ...spoiler,
    ...(thumb && { thumb }),
    ...(kind === 'document' && { forceFile: true }),
    // Without this Telegram makes a looping animation of a film that has no sound.
    ...((kind === 'video' || kind === 'video_note') && media.hasSound === false && { nosoundVideo: true }),
  });
}

function attributesOf(media: MediaContent): Api.TypeDocumentAttribute[] {
  const name = new Api.DocumentAttributeFilename({ fileName: media.name });
  const { kind, width: w, height: h, durationS = 0, title, performer } = media;
  const hasSize = w !== undefined && h !== undefined;
  const isPicture = media.mimeType.startsWith('image/');
  switch (kind) {
    case 'video':
    case 'video_note': {
      const roundMessage = kind === 'video_note' && { roundMessage: true };
      return [new Api.DocumentAttributeVideo({ ...video(media), ...roundMessage }), name];
    }
    case 'animation':
      return [
        ...(isPicture ? pictureSize(w, h) : [new Api.DocumentAttributeVideo(video(media))]),
        new Api.DocumentAttributeAnimated(),
        name,
      ];
    case 'audio':
    case 'voice': {
      const tags = { ...(title !== undefined && { title }), ...(performer !== undefined && { performer }) };
      const waveform = media.waveform && { waveform: packWaveform(media.waveform) };
      const voice = kind === 'voice' && { voice: true, ...waveform };
      const duration = wholeSeconds(durationS);
      return [new Api.DocumentAttributeAudio({ duration, ...tags, ...voice }), name];
    }
    case 'photo':
    case 'document':
      return hasSize && isPicture ? [...pictureSize(w, h), name] : [name];
  }
}

function video({ width, height, durationS = 0, mimeType, hasSound }: MediaContent) {
  return {
    ...{ w: width ?? 0, h: height ?? 0, duration: wholeSeconds(durationS) },
    ...(mimeType === 'video/mp4' && { supportsStreaming: true }),
    ...(hasSound === false && { nosound: true }),
  };
}

function pictureSize(w: number | undefined, h: number | undefined): Api.TypeDocumentAttribute[] {
  return w === undefined || h === undefined ? [] : [new Api.DocumentAttributeImageSize({ w, h })];
}
