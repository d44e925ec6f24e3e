/**
 * What a message's files become at Telegram before it is sent. They go over a second link of the session, and through
 * short waits in place, for an upload that ends begins again from its first part. One whose outcome is unknown has
 * sent no message: that much is certain.
 */
import { Api } from 'telegram/tl/index.js';
import type { Clock } from '../../kit/clock.ts';
import type { MediaContent, PeerAddress } from './account.ts';
import { OutcomeUnknown, Unreached } from '../model/telegram-error.ts';
import { FileParts, type FilePart } from './file-part.ts';
import { inputMedia } from './input-media.ts';
import type { Link } from './link.ts';
import { createPatience, type Patiently } from './patience.ts';
import { inputPeer } from './peers.ts';
import { albumItem } from './requests.ts';
import { uploadFile, type NamedFile } from './upload.ts';
import { UploadLink } from './upload-link.ts';

export interface UploadsOptions {
  /** Opens a link for parts of files and nothing else. */
  readonly open: () => Promise<Link>;
  /** Calls over the first one. */
  readonly call: <T>(request: Api.AnyRequest) => Promise<T>;
  /** Told how an upload failed. */
  readonly onFailed: (error: Error) => void;
  readonly clock: Clock;
}

const linkIdleMs = 60_000;
const partTimeoutMs = 60_000;
const partsInMemory = 8;
/** Telegram makes accounts without Premium wait for seconds at a time in the middle of large files. */
const longestWaitMs = 5 * 60_000;

export class Uploads {
  readonly #options: UploadsOptions;
  readonly #link: UploadLink;
  readonly #parts = new FileParts(partsInMemory);
  readonly #underWay = new Set<AbortController>();

  constructor(options: UploadsOptions) {
    this.#options = options;
    this.#link = new UploadLink(options.open, linkIdleMs);
  }

  /** Uploads the files of one message. @throws as Link.call does, but never OutcomeUnknown; GateClosed */
  async upload(peer: PeerAddress, media: readonly MediaContent[]): Promise<Api.TypeInputMedia[]> {
    const over = new AbortController();
    this.#underWay.add(over);
    const { clock } = this.#options;
    const patiently = createPatience({ clock, signal: over.signal, longestMs: longestWaitMs });
    const uploaded: Api.TypeInputMedia[] = [];
    try {
      for (const each of media) {
        const input = await this.#one(each, patiently);
        uploaded.push(media.length === 1 ? input : await this.#albumItem(peer, input, patiently));
      }
      return uploaded;
    } catch (error) {
      this.#options.onFailed(error as Error);
      if (!(error instanceof OutcomeUnknown)) throw error;
      throw new Unreached(error.message, { cause: error });
    } finally {
      over.abort(); // Parts that still wait are not sent any more.
      this.#underWay.delete(over);
    }
  }

  async close(): Promise<void> {
    for (const over of this.#underWay) over.abort();
    await this.#link.close();
  }

  async #one(media: MediaContent, patiently: Patiently): Promise<Api.TypeInputMedia> {
    const { thumbnail } = media;
    const file = await this.#file({ ...media, name: uploadName(media) }, patiently);
    const thumb = thumbnail && (await this.#file({ ...thumbnail, name: 'thumbnail.jpg' }, patiently));
    return inputMedia(media, file, thumb);
  }

  /** A link that is lost during a wait is replaced: parts belong to the account and not to a connection. */
  #file(file: NamedFile, patiently: Patiently): Promise<Api.TypeInputFile> {
    const save = (part: FilePart) => this.#link.use((link) => link.call(part, partTimeoutMs));
    return uploadFile({ parts: this.#parts, save, patiently }, file);
  }

  async #albumItem(
    peer: PeerAddress,
    media: Api.TypeInputMedia,
    patiently: Patiently,
  ): Promise<Api.TypeInputMedia> {
    const request = new Api.messages.UploadMedia({ peer: inputPeer(peer), media });
    const uploaded = await patiently(() => this.#options.call<Api.TypeMessageMedia>(request));
    return albumItem(uploaded, 'spoiler' in media && media.spoiler === true);
  }
}

/** Telegram refuses photos whose name ends otherwise, and takes WebP under the name of a PNG. */
function uploadName({ kind, mimeType, name }: MediaContent): string {
  if (kind !== 'photo') return name;
  return mimeType === 'image/jpeg' ? 'photo.jpg' : 'photo.png';
}
