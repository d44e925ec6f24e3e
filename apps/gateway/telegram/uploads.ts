/**
 * What a message's files become at Telegram before it is sent. They go over a second link of the session, part by part,
 * through waits, failures of the server and lost links. An upload whose outcome is unknown has sent no message: that much
 * is certain.
 */
import { Api } from 'telegram/tl/index.js';
import type { Clock } from '../../kit/clock.ts';
import type { MediaContent, PeerAddress } from './account.ts';
import { TelegramError, Unreached } from '../model/telegram-error.ts';
import { FileParts, type FilePart } from './file-part.ts';
import { inputMedia } from './input-media.ts';
import { Unanswered, type Link } from './link.ts';
import { createPatience, isNobodysFault, type Patiently } from './patience.ts';
import { inputPeer } from './peers.ts';
import { albumItem } from './requests.ts';
import { FileUpload } from './upload.ts';
import { UploadLink } from './upload-link.ts';

export interface UploadsOptions {
  /** Opens a link for parts of files and nothing else. @throws Unreached while there is none */
  readonly open: () => Promise<Link>;
  /** Calls over the first one. */
  readonly call: <T>(request: Api.AnyRequest) => Promise<T>;
  /** Told how an upload failed. */
  readonly onFailed: (error: Error) => void;
  readonly clock: Clock;
}

/** The files of one message, all of them uploaded. */
export interface Uploaded {
  readonly media: readonly Api.TypeInputMedia[];
  /**
   * Makes the call that sends them; where Telegram misses a part by then, uploads that again and makes the same call again.
   * @throws what the call throws; what `upload` does, which is then certain not to have sent anything
   */
  sendBy<T>(call: () => Promise<T>): Promise<T>;
}

const linkIdleMs = 60_000;
const partTimeoutMs = 60_000;
const partsInMemory = 8;
/** Telegram makes accounts without Premium wait for seconds at a time in the middle of large files. */
const longestWaitMs = 5 * 60_000;
/** Where more are missing, the file is gone as a whole. */
const mostMissingParts = 16;
/** So many errors of the server in a row are of this link: another may reach a server that works. */
const serverErrorsInARow = 5;

export class Uploads {
  readonly #options: UploadsOptions;
  readonly #link: UploadLink;
  readonly #parts = new FileParts(partsInMemory);
  readonly #underWay = new Set<AbortController>();
  #serverErrors = 0;

  constructor(options: UploadsOptions) {
    this.#options = options;
    this.#link = new UploadLink(options.open, linkIdleMs);
  }

  /** Uploads the files of one message. @throws TelegramError, GateClosed; Unreached where nothing got on for long */
  async upload(peer: PeerAddress, media: readonly MediaContent[]): Promise<Uploaded> {
    const uploaded: Api.TypeInputMedia[] = [];
    const files: FileUpload[] = [];
    await this.#attempt(async (patiently) => {
      for (const each of media) {
        const own = uploadsOf(each);
        await this.#save(own, patiently);
        const input = inputMedia(each, own[0].input, own[1]?.input);
        const isSingle = media.length === 1;
        uploaded.push(isSingle ? input : await this.#albumItem(peer, input, own, patiently));
        if (isSingle) files.push(...own);
      }
    });
    return { media: uploaded, sendBy: (call) => this.#complete(files, call) };
  }

  async close(): Promise<void> {
    for (const over of this.#underWay) over.abort();
    await this.#link.close();
  }

  /** Works patiently, for as long as it gets on. */
  async #attempt(work: (patiently: Patiently) => Promise<void>): Promise<void> {
    const over = new AbortController();
    this.#underWay.add(over);
    const { clock } = this.#options;
    try {
      await work(createPatience({ clock, signal: over.signal, longestMs: longestWaitMs }));
    } catch (error) {
      this.#options.onFailed(error as Error);
      if (!isNobodysFault(error)) throw error;
      throw new Unreached((error as Error).message, { cause: error });
    } finally {
      over.abort(); // Parts that still wait are not sent any more.
      this.#underWay.delete(over);
    }
  }

  async #save(files: readonly FileUpload[], patiently: Patiently): Promise<void> {
    const save = (part: FilePart) => this.#link.use((link) => this.#savePart(link, part));
    for (const file of files) await file.save({ parts: this.#parts, save, patiently });
  }

  async #savePart(link: Link, part: FilePart): Promise<void> {
    try {
      await link.call(part, partTimeoutMs);
      this.#serverErrors = 0;
    } catch (error) {
      if (error instanceof Unanswered) {
        // The part is sent anew, and its memory used again: nothing of this one may be written any more.
        error.call.forget();
        link.close();
      } else if (error instanceof TelegramError && isNobodysFault(error)) {
        if (++this.#serverErrors % serverErrorsInARow === 0) link.close();
      }
      throw error;
    }
  }

  /** Makes a call that names files, again after every part that Telegram missed. */
  async #complete<T>(files: readonly FileUpload[], call: () => Promise<T>): Promise<T> {
    for (let missing = 0; ; missing++) {
      try {
        return await call();
      } catch (error) {
        const part = missingPart(error);
        if (part === undefined || files.length === 0 || missing === mostMissingParts) throw error;
        for (const file of files) file.lose(part);
        await this.#attempt((patiently) => this.#save(files, patiently));
      }
    }
  }

  async #albumItem(
    peer: PeerAddress,
    media: Api.TypeInputMedia,
    files: readonly FileUpload[],
    patiently: Patiently,
  ): Promise<Api.TypeInputMedia> {
    const request = new Api.messages.UploadMedia({ peer: inputPeer(peer), media });
    const uploaded = await this.#complete(files, () =>
      patiently(() => this.#options.call<Api.TypeMessageMedia>(request)),
    );
    return albumItem(uploaded, 'spoiler' in media && media.spoiler === true);
  }
}

/** The file, and the picture that stands for it. */
function uploadsOf(media: MediaContent): readonly [FileUpload, ...FileUpload[]] {
  const file = new FileUpload({ ...media, name: uploadName(media) });
  const { thumbnail } = media;
  return thumbnail ? [file, new FileUpload({ ...thumbnail, name: 'thumbnail.jpg' })] : [file];
}

/** Telegram refuses photos whose name ends otherwise, and takes WebP under the name of a PNG. */
function uploadName({ kind, mimeType, name }: MediaContent): string {
  if (kind !== 'photo') return name;
  return mimeType === 'image/jpeg' ? 'photo.jpg' : 'photo.png';
}

function missingPart(error: unknown): number | undefined {
  const [, part] = (error instanceof TelegramError && /^FILE_PART_(\d+)_MISSING$/.exec(error.message)) || [];
  return part === undefined ? undefined : Number(part);
}
