import type { Guard } from './guard-pipe.ts';
import type { Passwords } from './passwords.ts';
import type { Ports } from './ports.ts';

/** Where one start takes place and whom it answers to. */
export interface Site {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly passwords: Passwords;
  readonly guard: Guard;
  /** Fires when the caller gives up; whatever still starts is ended. */
  readonly abort: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}
