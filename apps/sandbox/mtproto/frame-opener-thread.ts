/** The thread that opens large frames. */
import { parentPort } from 'node:worker_threads';
import type { FrameToOpen, OpenedFrame } from './frame-opener.ts';
import { openMessage } from './message-key.ts';

parentPort!.on('message', ({ number, authKey, frame }: FrameToOpen) => {
  const plain = openMessage(Buffer.from(authKey), Buffer.from(frame.buffer), 'client');
  const answer = { number, plain: plain as OpenedFrame['plain'] };
  parentPort!.postMessage(answer, plain ? [plain.buffer as ArrayBuffer] : []);
});
