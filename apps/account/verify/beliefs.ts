/** All beliefs, in the order in which they are asked: what is asked again a minute later is sent first. */
import type { Belief } from './belief.ts';
import { dialogBorders } from './dialog-borders.ts';
import { editOfRepeated } from './edit-of-repeated.ts';
import { appConfigLimits, configLimits } from './limits.ts';
import { photoEndings } from './photo-endings.ts';
import { Repeated, repeatedKinds } from './repeated-id.ts';
import { uploadWhileTexting } from './upload-while-texting.ts';
import { webpAsPhoto } from './webp-photo.ts';
import { withoutUpdates } from './without-updates.ts';

/** Those of one run. Where Telegram agrees, they take 25 sends, which make 9 messages and 1 that is scheduled. */
export function createBeliefs(): readonly Belief[] {
  const text = new Repeated(repeatedKinds.text);
  const others = [repeatedKinds.photo, repeatedKinds.album, repeatedKinds.scheduled].map(
    (kind) => new Repeated(kind),
  );
  const repeated = [text, ...others];
  return [
    ...repeated.map(({ atOnce }) => atOnce),
    ...[editOfRepeated(text), webpAsPhoto, photoEndings, uploadWhileTexting],
    ...[dialogBorders, configLimits, appConfigLimits],
    ...repeated.map(({ aMinuteLater }) => aMinuteLater),
    withoutUpdates,
  ];
}
