import { describe, expect, it } from 'vitest';
import { bytesInHand } from './bytes-in-hand.ts';

describe('the bytes in hand', () => {
  it('are bounded together, whether they are announced or come to be', () => {
    const inHand = bytesInHand(100);
    const [first, second] = [inHand.take(40)!, inHand.take(40)!];
    expect(inHand.take(21)).toBeNull();
    expect([first.grow(21), first.grow(20), second.grow(1)]).toEqual([false, true, false]);
    first.give();
    expect(second.grow(60)).toBe(true);
  });

  it('of one alone are not: its own limit bounds it', () => {
    const inHand = bytesInHand(100);
    const alone = inHand.take(1_000)!;
    expect(alone.grow(1_000)).toBe(true);
    expect([inHand.take(1), inHand.take(0)]).toEqual([null, expect.anything()]);
  });

  it('are given back once, and nothing is held for who went away', () => {
    const inHand = bytesInHand(100);
    const gone = inHand.take(60)!;
    gone.give();
    gone.give();
    expect(gone.grow(1)).toBe(false);
    const next = inHand.take(60)!;
    expect([inHand.take(41), inHand.take(40)]).toEqual([null, expect.anything()]);
    next.give();
  });
});
