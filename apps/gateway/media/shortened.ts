/** Words of a caller or a stranger within an error: enough to know them by, and no more. */
const longest = 100;

/** At most 100 characters, none of them cut in half. */
export function shortened(text: string): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
