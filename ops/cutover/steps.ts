/** The steps of a cutover, in their order. */
import { newUnits, type Side } from './arguments.ts';
import { backUp } from './backup.ts';
import { check } from './checks.ts';
import type { Cutover } from './cutover.ts';
import type { Step } from './engine.ts';
import { importSessions, removeImported } from './import-sessions.ts';
import {
  holdNew,
  oldIsGone,
  releaseNew,
  restoreOld,
  startNew,
  stillRuns,
  stopNew,
  stopOld,
} from './switch.ts';
import { verify } from './verify.ts';
import { watch } from './watch.ts';

export function stepsOf(cutover: Cutover): Step[] {
  const { options } = cutover;
  return [
    {
      name: 'check',
      title: 'check units, ports, sessions, disk, credentials, clock and Telegram',
      plan: ['changes nothing'],
      do: async () => cutover.journal.update({ facts: await check(cutover) }),
    },
    {
      name: 'backup',
      title: 'back up scripts, units and sessions',
      plan: [`copies them to ${cutover.places.state}/backup-DATE, where they stay`],
      do: () => backUp(cutover),
    },
    {
      name: 'hold',
      title: 'keep the new services from starting at boot, until it is their turn',
      plan: Object.values(newUnits).map((unit) => `systemctl disable ${unit}`),
      do: () => holdNew(cutover),
      undo: () => releaseNew(cutover),
    },
    {
      name: 'import',
      title: 'import both sessions, from the copies',
      plan: ['vestnik-account import-session, once for each gateway; the old files stay as they are'],
      do: () => importSessions(cutover),
      undo: () => removeImported(cutover),
    },
    ...switchSteps(cutover, 'text'),
    {
      name: 'pause',
      title: `pause: the account's two services are never restarted together`,
      plan: [`waits ${options.pauseS} s`],
      do: async () => {
        await cutover.spacing('media');
        await stillRuns(cutover, 'text');
      },
    },
    ...switchSteps(cutover, 'media'),
    {
      name: 'watch',
      title: `watch both for ${options.watchS} s`,
      plan: ['their units, /health, and the errors in /stats'],
      do: () => watch(cutover),
    },
  ];
}

function switchSteps(cutover: Cutover, side: Side): Step[] {
  const [oldUnit, newUnit] = [cutover.options.oldUnits[side], newUnits[side]];
  return [
    {
      name: `stop-old-${side}`,
      title: `stop the old ${side} service`,
      plan: [
        `systemctl disable ${oldUnit}`,
        `systemctl stop ${oldUnit}`,
        'waits until its port and session are free',
      ],
      do: () => stopOld(cutover, side),
      undo: () => restoreOld(cutover, side),
    },
    {
      name: `start-new-${side}`,
      title: `start the new ${side} service on its port`,
      plan: [`systemctl enable ${newUnit}`, `systemctl start ${newUnit}`, 'waits until it answers'],
      check: () => oldIsGone(cutover, side),
      do: () => startNew(cutover, side),
      undo: () => stopNew(cutover, side),
    },
    {
      name: `verify-${side}`,
      title: `verify the new ${side} service`,
      plan: [`POST /send_${side} to "me"`, 'GET /health and /metrics'],
      do: () => verify(cutover, side),
    },
  ];
}
