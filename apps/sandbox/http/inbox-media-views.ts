/** Files of messages as the inbox draws them. */
import type { DeliveredMedia } from '../world/deliveries.ts';
import type { TlValue } from '../tl/values.ts';
import type { Json } from './body.ts';

/** A file, and where it and the picture that stands for it are read from while they are kept. */
export function mediaView(media: DeliveredMedia) {
  const find = (name: string) => media.attributes.find((attribute) => attribute._ === name);
  const video = find('documentAttributeVideo');
  const audio = find('documentAttributeAudio');
  const size = video ?? find('documentAttributeImageSize');
  const text = (value: TlValue) => (typeof value === 'string' ? value : undefined);
  const amount = (value: TlValue) => (typeof value === 'number' ? value : undefined);
  return {
    kind: media.kind,
    name: media.name,
    mime_type: media.mimeType,
    size: media.size,
    sha256: media.sha256,
    width: media.width || amount(size?.w),
    height: media.height || amount(size?.h),
    seconds: amount(video?.duration ?? audio?.duration),
    performer: text(audio?.performer),
    title: text(audio?.title),
    waveform: Buffer.isBuffer(audio?.waveform) ? unpackWaveform(audio.waveform) : undefined,
    spoiler: media.spoiler || undefined,
    url: media.file.gone ? undefined : `/media/${media.file.id}`,
    poster: hasPoster(media) ? `/media/${media.file.id}/poster` : undefined,
  };
}

/** A file as a page reads it. */
export type MediaJson = Json<ReturnType<typeof mediaView>>;

/** Whether the picture that was sent to stand for a file is still kept. */
export function hasPoster({ thumbnail }: DeliveredMedia): boolean {
  return thumbnail !== undefined && !thumbnail.gone;
}

/** A voice message's waveform: 5 bits a bar, lowest bits first (core.telegram.org/constructor/documentAttributeAudio). */
export function unpackWaveform(packed: Buffer): number[] {
  const bars = Math.min(Math.floor((packed.length * 8) / 5), 100);
  return Array.from({ length: bars }, (_, bar) => {
    const bit = bar * 5;
    const two = packed[bit >> 3]! | ((packed[(bit >> 3) + 1] ?? 0) << 8);
    return (two >> (bit & 7)) & 31;
  });
}
