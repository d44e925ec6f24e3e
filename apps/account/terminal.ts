/** Asks questions on the terminal. */
import { createInterface, type Interface } from 'node:readline';
import qrcode from 'qrcode-generator';

export interface Terminal {
  say(text: string): void;
  /** The answer, without space around it; a secret one is not shown. @throws Error at the end of the input */
  ask(question: string, isSecret?: boolean): Promise<string>;
  close(): void;
}

/** Asks on standard output and reads standard input, also when that is a pipe. */
export function openTerminal(): Terminal {
  const lines: Interface = createInterface({
    input: process.stdin,
    output: process.stdout,
    terminal: process.stdin.isTTY,
  });
  const answers = lines[Symbol.asyncIterator]();
  return {
    say: (text) => process.stdout.write(text + '\n'),
    ask: async (question, isSecret = false) => {
      process.stdout.write(question);
      const answer = await quietly(lines, isSecret, () => answers.next());
      if (answer.done) throw new Error('the input ended before the question was answered');
      return answer.value.trim();
    },
    close: () => lines.close(),
  };
}

/** Readline writes what is typed through one method, which is kept silent for a secret. */
async function quietly<T>(lines: Interface, isSecret: boolean, read: () => Promise<T>): Promise<T> {
  const output = lines as unknown as { _writeToOutput?: (text: string) => void };
  const write = output._writeToOutput;
  if (isSecret && write) output._writeToOutput = (text) => text.includes('\n') && write.call(lines, '\n');
  try {
    return await read();
  } finally {
    if (write) output._writeToOutput = write;
  }
}

/** A QR code of block letters, two rows of it to a line, dark on light whatever the terminal's colours. */
export function qrText(data: string): string {
  const code = qrcode(0, 'L');
  code.addData(data);
  code.make();
  const size = code.getModuleCount();
  const isDark = (row: number, column: number) =>
    row >= 0 && row < size && column >= 0 && column < size && code.isDark(row, column);
  const rows: string[] = [];
  for (let row = -2; row < size + 2; row += 2) {
    let line = '';
    for (let column = -2; column < size + 2; column++) {
      const upper = isDark(row, column);
      const lower = isDark(row + 1, column);
      line += upper ? (lower ? ' ' : '▄') : lower ? '▀' : '█';
    }
    rows.push(line);
  }
  return rows.join('\n');
}
