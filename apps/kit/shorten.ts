/** What a caller sent, as an error may repeat it. */

/** The beginning of a text, of at most `most` characters with the ellipsis; what breaks a line or cannot be shown is a dot. */
export function shortened(sent: string, most = 100): string {
  const shown = sent.slice(0, most + 1).replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffd]/gu, '\u00b7');
  return shown.length <= most ? shown : `${shown.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
