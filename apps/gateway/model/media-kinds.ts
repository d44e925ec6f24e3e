/** The kinds of media Telegram knows, and what each of them takes. */
export const mediaKinds = [
  'photo',
  'video',
  'document',
  'audio',
  'voice',
  'video_note',
  'animation',
] as const;

export type MediaKind = (typeof mediaKinds)[number];

/** What each kind is made of, to complete "a voice message takes …". */
export const kindTakes: Readonly<Record<MediaKind, string>> = {
  photo: 'a photo takes JPEG, PNG or WebP',
  video: 'a video takes MP4, MOV or WebM',
  document: 'a document takes any file',
  audio: 'audio takes MP3, M4A, FLAC, OGG, WAV or AAC',
  voice: 'a voice message takes OGG with Opus, MP3 or M4A',
  video_note: 'a video note takes a square MP4 of at most 60 seconds',
  animation: 'an animation takes GIF, or MP4 or WebM without sound',
};

export const photoTypes: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp']);
const mp4VideoTypes = ['video/mp4', 'video/quicktime', 'video/x-m4v'];
const mp4AudioTypes = ['audio/mp4', 'audio/x-m4a'];
/** Those of ISO's base format, which is made of boxes. */
export const mp4Types: ReadonlySet<string> = new Set([...mp4VideoTypes, ...mp4AudioTypes]);
export const videoTypes: ReadonlySet<string> = new Set([...mp4VideoTypes, 'video/webm']);
export const opusType = 'audio/ogg; codecs=opus';
export const audioTypes: ReadonlySet<string> = new Set([
  'audio/mpeg',
  ...mp4AudioTypes,
  'audio/flac',
  'audio/ogg',
  opusType,
  'audio/wav',
  'audio/aac',
]);
/** What else than OGG with Opus Telegram's clients play as a voice message (TDLib, VoiceNotesManager). */
export const otherVoiceTypes: ReadonlySet<string> = new Set(['audio/mpeg', 'audio/mp4']);
export const gifType = 'image/gif';

/** Telegram's limits of photos; what is beyond them goes as a document. */
export const photoLimits = { bytes: 10 * 1024 * 1024, sidesPx: 10_000, proportion: 20 };
/** A picture that declares more is taken for one made to exhaust whoever decodes it. */
export const bombPixels = 250_000_000;
export const videoNoteLimitS = 60;
export const thumbnailLimits = { bytes: 200 * 1024, sidePx: 320 };

/** A length as Telegram's clients tell it: what is there at all is not 0:00. */
export function wholeSeconds(seconds: number): number {
  return seconds > 0 ? Math.max(1, Math.round(seconds)) : 0;
}
