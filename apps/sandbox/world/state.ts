/** All that one simulated Telegram holds; the wire, the methods and the web pages share it. */
import { join } from 'node:path';
import { Faults } from '../control/faults.ts';
import { Limits } from '../control/limits.ts';
import { Report } from '../control/report.ts';
import { Timetable } from '../control/timetable.ts';
import { AuthKeys } from '../mtproto/auth-keys.ts';
import { Accounts } from './accounts.ts';
import { Clock } from './clock.ts';
import { dcIds, homeDc } from './data-centres.ts';
import { Deliveries, type Delivery } from './deliveries.ts';
import { Events } from './events.ts';
import { MediaStore } from './media-store.ts';
import { Numbers } from './numbers.ts';
import { Scheduled } from './scheduled.ts';
import { SignIns } from './sign-ins.ts';
import { Uploads } from './uploads.ts';

const maxIncoming = 10_000;

/** The parts of a running sandbox. */
export type SandboxState = Awaited<ReturnType<typeof openState>>;

/** A new state, with the auth keys that the folder holds. */
export async function openState(dataDir: string) {
  const uploads = new Uploads(join(dataDir, 'uploads'));
  const authKeys = new AuthKeys(join(dataDir, 'auth-keys'));
  const numbers = await Numbers.open(join(dataDir, 'numbers'));
  await uploads.open();
  await authKeys.load(homeDc);
  const faults = new Faults();
  const clock = new Clock(() => faults.skewMs());
  const dropMedia = ({ media, edited }: Delivery) => {
    for (const one of edited?.media === media ? [media] : [media, edited?.media]) {
      uploads.unuse(one?.file);
      uploads.unuse(one?.thumbnail);
    }
  };
  return {
    accounts: new Accounts(numbers),
    authKeys,
    numbers,
    signIns: new SignIns(),
    clock,
    /** The port of each data centre. */
    dataCentres: new Map<number, number>(dcIds.map((dc) => [dc, 0])),
    /** Where the home data centre takes files. */
    mediaPort: 0,
    uploads,
    deliveries: new Deliveries(dropMedia),
    /** Messages of others to the accounts. */
    incoming: new Deliveries(dropMedia, maxIncoming),
    /** Service messages, such as that a topic was begun. */
    service: new Deliveries(dropMedia, maxIncoming),
    scheduled: new Scheduled(numbers),
    media: new MediaStore(),
    faults,
    limits: new Limits(),
    report: new Report((serverMs) => clock.toLocal(serverMs)),
    events: new Events(),
    /** Changes that wait for their time. */
    timetable: new Timetable(),
    /** Ends every connection of clients. */
    cutConnections: () => {},
  };
}
