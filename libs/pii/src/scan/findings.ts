import { rank, type EntityType } from '../entity.ts';

/** A value in the folded text. */
export interface Candidate {
  readonly start: number;
  readonly end: number;
  readonly type: EntityType;
  /** The higher wins where two overlap. */
  readonly rank: number;
}

/** What the rules report into. */
export class Findings {
  accepted: Candidate[] = [];
  /** Would count if the same value were found elsewhere in the ticket, with better reason. */
  weak: Candidate[] = [];
  /** A shape was refused because of what surrounds it; a barrier nearby could change that. */
  isBlocked = false;
  /** The same for a name that what follows it speaks against. */
  isNameBlocked = false;
  /** The last one accepted in this reading: to what follows it, it is a barrier already. */
  last: Candidate | undefined;
  readonly #wanted: ReadonlySet<EntityType> | undefined;

  constructor(wanted: ReadonlySet<EntityType> | undefined) {
    this.#wanted = wanted;
  }

  clear(): void {
    if (this.accepted.length > 0) this.accepted = [];
    if (this.weak.length > 0) this.weak = [];
    this.isBlocked = false;
    this.isNameBlocked = false;
    this.last = undefined;
  }

  wants(type: EntityType): boolean {
    return this.#wanted === undefined || this.#wanted.has(type);
  }

  add(start: number, end: number, type: EntityType, rank: number): void {
    if (!this.wants(type)) return;
    this.last = { start, end, type, rank };
    this.accepted.push(this.last);
  }

  addWeak(start: number, end: number, type: EntityType, rank: number): void {
    this.isBlocked = true;
    if (this.wants(type)) this.weak.push({ start, end, type, rank });
  }

  /** Within a value that proves itself, nothing else is looked for. */
  isInsideProof(at: number): boolean {
    return this.last !== undefined && at < this.last.end && this.last.rank >= rank.CREDIT_CARD;
  }

  block(): void {
    this.isBlocked = true;
  }

  blockNames(): void {
    this.isNameBlocked = true;
  }
}
