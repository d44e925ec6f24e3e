/** What a caller sent, as an error may repeat it. */

const most = 100;

/** The beginning of a text, of at most 100 characters with the ellipsis, none of which breaks a line or cannot be shown. */
export function shortened(sent: string): string {
  const shown = sent.slice(0, most + 1).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/gu, '\u00b7');
  return shown.length <= most ? shown : `${shown.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
