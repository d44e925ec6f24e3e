/** Cuts bytes that come in pieces into lines of UTF-8. */

/** A line that is longer comes in parts. */
const longestLine = 1_000_000;

export class LineCutter {
  #begun: Buffer = Buffer.alloc(0);

  /** The lines that these bytes end, without their ends. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let bytes = this.#begun.length === 0 ? chunk : Buffer.concat([this.#begun, chunk]);
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10)) {
      lines.push(bytes.subarray(0, end).toString('utf8').replace(/\r$/, ''));
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > longestLine) {
      lines.push(bytes.toString('utf8'));
      bytes = Buffer.alloc(0);
    }
    // Copied, so that a few bytes do not keep the whole piece in memory.
    this.#begun = Buffer.from(bytes);
    return lines;
  }
}
