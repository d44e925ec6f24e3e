/**
 * What a message's files become at Telegram before it is sent. They go over a second link of the session, part by part,
 * through waits, failures of the server and lost links. An upload whose outcome is unknown has sent no message: that much
 * is certain.
 */
import { Api } from 'telegram/tl/index.js';
import type { Clock } from '../../kit/clock.ts';
import type { OutgoingFile, PeerAddress } from '../model/account.ts';
import { answered, judge, TelegramError, Unreached } from '../model/telegram-error.ts';
import { FileParts, type FilePart } from './file-part.ts';
import { Kept } from './kept.ts';
import { Unanswered, type Link } from './link.ts';
import { createPatience, isNobodysFault, type Patiently } from './flood-retry.ts';
import { inputPeer } from './peers.ts';
import { albumItem } from './requests.ts';
import { fromPlain } from './tl-objects.ts';
import { FileUpload, type NamedFile } from './upload.ts';
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
/** Of how many failed uploads, and albums that failed, it is known what they sent. */
const mostBegun = 100;
/** So many errors of the server in a row are of this link: another may reach a server that works. */
const serverErrorsInARow = 5;

export class Uploads {
  readonly #options: UploadsOptions;
  readonly #link: UploadLink;
  readonly #parts = new FileParts(partsInMemory);
  readonly #underWay = new Set<AbortController>();
  /** Begun by attempts that failed, by the paths of their files: the next attempt sends only what is lacking. */
  readonly #begun = new Kept<FileUpload>(mostBegun);
  /** The uploaded items of albums that were not sent, by the path of their first file. */
  readonly #items = new Kept<Api.TypeInputMedia[]>(mostBegun);
  #serverErrors = 0;

  constructor(options: UploadsOptions) {
    this.#options = options;
    this.#link = new UploadLink(options.open, linkIdleMs);
  }

  /** Uploads the files of one message. @throws TelegramError, GateClosed; Unreached where nothing got on for long */
  async upload(peer: PeerAddress, asked: readonly OutgoingFile[]): Promise<Uploaded> {
    if (asked.length > 1) return this.#album(peer, asked);
    const [each] = asked;
    const files = this.#uploadsOf(each!);
    await this.#attempt((patiently) => this.#keepingOnFailure(files, () => this.#save(files, patiently)));
    this.#keep(files); // Its turn may not come before the connection is lost.
    return {
      media: [inputOf(each!, files)],
      sendBy: (call) => {
        for (const { path } of files) this.#begun.take(path);
        return this.#keepingOnFailure(files, () => this.#complete(files, call));
      },
    };
  }

  async #album(peer: PeerAddress, asked: readonly OutgoingFile[]): Promise<Uploaded> {
    const key = asked[0]!.file;
    const items = this.#items.take(key) ?? [];
    const keepingItems = async <T>(work: () => Promise<T>): Promise<T> => {
      try {
        return await work();
      } catch (error) {
        if (!isOfFile(error)) this.#items.keep(key, items);
        throw error;
      }
    };
    const uploadRest = async (patiently: Patiently) => {
      for (const each of asked.slice(items.length)) {
        const files = this.#uploadsOf(each);
        await this.#keepingOnFailure(files, () => this.#save(files, patiently));
        items.push(await this.#albumItem(peer, inputOf(each, files), files, patiently));
      }
    };
    await keepingItems(() => this.#attempt(uploadRest));
    this.#items.keep(key, items);
    return {
      media: items,
      sendBy: (call) => {
        this.#items.take(key);
        return keepingItems(call);
      },
    };
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
      const message = error instanceof TelegramError ? answered(error) : (error as Error).message;
      throw new Unreached(message, { cause: error });
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
      } else if (error instanceof TelegramError && judge(error).account === 'uninitialized') {
        link.close(); // The next one introduces itself anew.
        throw new Unreached(error.message, { cause: error });
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
        if (part === undefined || missing === mostMissingParts) throw error;
        for (const file of files) file.lose(part);
        await this.#attempt((patiently) => this.#save(files, patiently));
      }
    }
  }

  /** Whatever failed may be tried again, unless Telegram refused the file itself or lost all of it. */
  async #keepingOnFailure<T>(files: readonly FileUpload[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (!isOfFile(error)) this.#keep(files);
      throw error;
    }
  }

  #keep(files: readonly FileUpload[]): void {
    for (const file of files) this.#begun.keep(file.path, file);
  }

  /** Those of the file, and of the picture that stands for it. */
  #uploadsOf(file: OutgoingFile): readonly FileUpload[] {
    const { thumbnail } = file;
    const upload = this.#uploadOf(file);
    return thumbnail ? [upload, this.#uploadOf({ ...thumbnail, name: 'thumbnail.jpg' })] : [upload];
  }

  #uploadOf(file: NamedFile): FileUpload {
    return this.#begun.take(file.file) ?? new FileUpload(file);
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

function inputOf(asked: OutgoingFile, [file, thumb]: readonly FileUpload[]): Api.TypeInputMedia {
  return fromPlain(asked.input(file!.input, thumb?.input));
}

/** Whether Telegram refused the file itself, or lost all of it. */
function isOfFile(error: unknown): boolean {
  return error instanceof TelegramError && ['failed', 'again'].includes(judge(error).message);
}

function missingPart(error: unknown): number | undefined {
  const [, part] = (error instanceof TelegramError && /^FILE_PART_(\d+)_MISSING$/.exec(error.message)) || [];
  return part === undefined ? undefined : Number(part);
}
