/** What makes a kind of thing to send: each is a file of this folder, and a line in kinds.ts. */
import type { z } from 'zod';
import type { Reason } from '../../kit/reason.ts';
import type { ParseMode } from '../formatting/modes.ts';
import type { Arrived } from '../media/multipart.ts';
import type { AskedFile } from '../media/prepare.ts';
import type { Outgoing, SendMethod } from '../model/account.ts';
import type { MessageContent, SendOptions, StoredMedia } from '../model/message.ts';
import type { TelegramLimits } from '../model/telegram-limits.ts';

export type GatewayName = 'text' | 'media';

/** What a request is read by, beside its fields. */
export interface Reading {
  /** The markup of its texts. */
  readonly mode: ParseMode;
  readonly limits: TelegramLimits;
  /** The files that came with it. */
  readonly arrived: Arrived;
}

/** What a request asks for. */
export interface Asked<Kept = object> {
  /** Everything that makes two requests the same one; in this order ever since, as a key may be older than an upgrade. */
  readonly identity: (target: string, options: SendOptions) => unknown[];
  /** To be brought in before it is accepted. */
  readonly files: readonly AskedFile[];
  /** What is kept of it; `media` are its files. */
  readonly keep: (media: readonly StoredMedia[]) => Kept;
  /** What will be done otherwise than asked. */
  readonly notes: readonly Reason[];
}

/** One call that sends, or a part of, what is kept. */
export type Call = Pick<Outgoing, 'text' | 'laterTexts' | 'input'>;

export interface Definition<Shape extends z.ZodRawShape, Kept> {
  /** The field of a request that asks for it. */
  readonly name: string;
  /** Which gateways send it. */
  readonly gateways: readonly GatewayName[];
  readonly fields: Shape;
  /** What to do about a field of another kind beside it. */
  readonly beside: string;
  /** Reads and checks the fields of a request; brings no file in. @throws Problem */
  readonly read: (fields: z.output<z.ZodObject<Shape>>, reading: Reading) => Asked<Kept>;
  /** Whether what the outbox keeps is of this kind. */
  readonly isOf: (content: MessageContent) => boolean;
  /** The RPC method that sends it. */
  readonly method: SendMethod;
  /** How Telegram is asked for it: with one call, or one after another. Files are added to it. */
  readonly calls: (kept: Kept) => readonly Call[];
}

export type Kind = Definition<z.ZodRawShape, object>;

/** A kind for the table, which does not know its fields. */
export function kind<Shape extends z.ZodRawShape, Kept>(definition: Definition<Shape, Kept>): Kind {
  return definition as unknown as Kind;
}
