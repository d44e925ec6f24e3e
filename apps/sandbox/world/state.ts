/** All that one simulated Telegram holds; the wire, the methods and the web pages share it. */
import type { Accounts } from './accounts.ts';
import type { Deliveries } from './deliveries.ts';
import type { Events } from './events.ts';
import type { Faults } from '../control/faults.ts';
import type { Limits } from '../control/limits.ts';
import type { Clock } from './clock.ts';
import type { AuthKeys } from '../mtproto/auth-keys.ts';
import type { MediaStore } from './media-store.ts';
import type { Numbers } from './numbers.ts';
import type { Report } from '../control/report.ts';
import type { Scheduled } from './scheduled.ts';
import type { SignIns } from './sign-ins.ts';
import type { Timetable } from '../control/timetable.ts';
import type { Uploads } from './uploads.ts';

/** The parts of a running sandbox. */
export interface SandboxState {
  accounts: Accounts;
  authKeys: AuthKeys;
  numbers: Numbers;
  signIns: SignIns;
  clock: Clock;
  /** The port of each data centre. */
  /** Where the home data centre takes files. */
  mediaPort: number;
  dataCentres: Map<number, number>;
  deliveries: Deliveries;
  /** What others wrote to the accounts. */
  incoming: Deliveries;
  /** Service messages, such as that a topic was begun. */
  service: Deliveries;
  scheduled: Scheduled;
  media: MediaStore;
  uploads: Uploads;
  faults: Faults;
  limits: Limits;
  report: Report;
  /** Changes that wait for their time. */
  timetable: Timetable;
  /** Ends every connection of clients. */
  cutConnections: () => void;
  events: Events;
}
