import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceName, SystemBed } from './system-bed.ts';
import { serviceNames } from './system-bed.ts';
import type { Workload } from './workload.ts';

/** What can be done to the system while it works. */
export const faultKinds = ['kill', 'freeze', 'cut', 'replace'] as const;
export type FaultKind = (typeof faultKinds)[number];

export type Victim = ServiceName | 'connect';
const victims: readonly Victim[] = [...serviceNames, 'connect'];

export interface Blow {
  readonly kind: FaultKind;
  readonly what: string;
  /** It falls right after this one has done something, so that it is in the middle of its work. */
  readonly after: Victim;
  strike(): Promise<void>;
}

export interface Struck {
  readonly bed: SystemBed;
  readonly workload: Workload;
  /** Ends it and has it started again. */
  readonly kill: (victim: Victim) => Promise<void>;
}

/** Past the session of the group (6 s), so that it gives the partitions away. */
const FROZEN_MS = 8_000;
/** Past every deadline of a call: Postgres 5 s, blobs 8 s, Kafka 10 s. */
const CUT_MS = 12_000;

/** One of each kind for everybody it can meet, in turns. */
export function blowsOf(kinds: readonly FaultKind[], struck: Struck): readonly Blow[] {
  return kinds.flatMap((kind) => makers[kind](struck).map((blow) => ({ kind, ...blow })));
}

const makers: Readonly<Record<FaultKind, (struck: Struck) => readonly Omit<Blow, 'kind'>[]>> = {
  kill: ({ kill }) =>
    victims.map((victim) => ({ what: `killed ${victim}`, after: victim, strike: () => kill(victim) })),

  freeze: ({ bed }) =>
    victims.map((victim) => ({
      what: `froze ${victim}`,
      after: victim,
      strike: () => frozenFor(FROZEN_MS, pidOf(bed, victim)),
    })),

  cut: ({ bed }) => [
    { what: 'cut off Postgres', after: 'quality-validator', strike: () => cutFor(CUT_MS, bed, 'postgres') },
    { what: 'cut off the blob store', after: 'annotation-bridge', strike: () => cutFor(CUT_MS, bed, 'azurite') },
    // A broker that is frozen is connected to and answers nothing, which is the same to whoever asks.
    { what: 'cut off Kafka', after: 'ingest', strike: () => frozenFor(CUT_MS, bed.infrastructure.part('kafka').pid!) },
  ],

  replace: ({ workload }) => [
    { what: 'replaced a label file', after: 'annotation-bridge', strike: () => workload.replaceFile() },
  ],
};

const pidOf = (bed: SystemBed, victim: Victim): number =>
  victim === 'connect' ? bed.infrastructure.part('connect').pid! : bed.service(victim).child.pid!;

async function frozenFor(ms: number, pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await sleep(ms);
  process.kill(pid, 'SIGCONT');
}

async function cutFor(ms: number, { cables }: SystemBed, part: keyof SystemBed['cables']): Promise<void> {
  const cable = cables[part]!;
  cable.cut();
  await sleep(ms);
  cable.mend();
}
