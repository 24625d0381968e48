import { describe, expect, it } from 'vitest';
import { Recount } from './recount.ts';

/** Counts when it is told to, and says how often it was begun. */
function given() {
  const clock = { ms: 0 };
  const begun: { end(answer: number | Error): void }[] = [];
  const recount = new Recount(
    () =>
      new Promise<number>((resolve, reject) => {
        begun.push({ end: (answer) => (answer instanceof Error ? reject(answer) : resolve(answer)) });
      }),
    { now: () => clock.ms, waitsMs: 0 },
  );
  return { clock, begun, recount };
}

describe('a recount', () => {
  it('gives the first answer to all who ask while it is counted', async () => {
    const { begun, recount } = given();
    const asked = [recount.get(), recount.get()];
    begun[0]!.end(7);
    expect(await Promise.all(asked)).toEqual([7, 7]);
    expect(begun).toHaveLength(1);
  });

  it('rests nineteen times as long as counting took, and gives the last answer meanwhile', async () => {
    const { clock, begun, recount } = given();
    const first = recount.get();
    clock.ms = 1_000;
    begun[0]!.end(7);
    await first;
    clock.ms = 19_999;
    expect(await recount.get()).toBe(7);
    expect(begun).toHaveLength(1);
    clock.ms = 20_000;
    const later = recount.get();
    expect(begun).toHaveLength(2);
    begun[1]!.end(8);
    expect(await later).toBe(8);
    expect(recount.at).toBe(20_000);
  });

  it('keeps nobody waiting who can have the last answer', async () => {
    const { clock, begun, recount } = given();
    const first = recount.get();
    begun[0]!.end(7);
    await first;
    clock.ms = 1;
    expect(await recount.get()).toBe(7);
    expect(begun).toHaveLength(2);
    expect(await recount.get()).toBe(7);
    expect(begun).toHaveLength(2);
  });

  it('says a failure instead of numbers from before it, and counts again', async () => {
    const { clock, begun, recount } = given();
    const first = recount.get();
    begun[0]!.end(7);
    await first;
    const failing = recount.get();
    begun[1]!.end(new Error('no database'));
    await expect(failing).rejects.toThrow('no database');
    clock.ms = 1;
    const again = recount.get();
    begun[2]!.end(8);
    expect(await again).toBe(8);
  });
});
