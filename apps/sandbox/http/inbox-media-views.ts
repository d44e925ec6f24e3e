/** Files of messages as the inbox draws them. */
import type { DeliveredMedia } from '../deliveries.ts';

/** A file, and where it and the picture that stands for it are read from while they are kept. */
export function mediaView(media: DeliveredMedia) {
  const find = (name: string) => media.attributes.find((attribute) => attribute._ === name);
  const video = find('documentAttributeVideo');
  const audio = find('documentAttributeAudio');
  const size = video ?? find('documentAttributeImageSize');
  return {
    kind: media.kind,
    name: media.name,
    mime_type: media.mimeType,
    size: media.size,
    sha256: media.sha256,
    width: media.width || size?.w,
    height: media.height || size?.h,
    seconds: video?.duration ?? audio?.duration,
    performer: audio?.performer,
    title: audio?.title,
    waveform: Buffer.isBuffer(audio?.waveform) ? unpackWaveform(audio.waveform) : undefined,
    spoiler: media.spoiler || undefined,
    url: media.file.gone ? undefined : `/media/${media.file.id}`,
    poster: hasPoster(media) ? `/media/${media.file.id}/poster` : undefined,
  };
}

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
