import { describe, expect, it } from 'vitest';
import { accepted, deadLettered, type Outcome, skipped } from './outcome.ts';
import { steps } from './step.ts';

function parseNumber(text: string): Outcome<number> {
  const number = Number(text);
  return Number.isNaN(number) ? deadLettered('DECODE_FAILED', 'not a number') : accepted(number);
}
function skipZero(number: number): Outcome<number> {
  return number === 0 ? skipped('zero') : accepted(number);
}
function refuseLarge(number: number): Outcome<string> {
  return number > 100 ? deadLettered('PAYLOAD_TOO_LARGE', 'above 100') : accepted(`#${number}`);
}

describe('steps in order', () => {
  const chain = steps(parseNumber, skipZero, refuseLarge);

  it.each([
    ['reaches the end', '7', { value: '#7' }],
    [
      'leaves at the first',
      'seven',
      { exit: { step: 'parseNumber', outcome: deadLettered('DECODE_FAILED', 'not a number') } },
    ],
    ['leaves in the middle', '0', { exit: { step: 'skipZero', outcome: skipped('zero') } }],
    [
      'leaves at the last',
      '101',
      { exit: { step: 'refuseLarge', outcome: deadLettered('PAYLOAD_TOO_LARGE', 'above 100') } },
    ],
  ])('a message that %s', (_name, input, expected) => {
    expect(chain.run(input)).toEqual(expected);
  });

  it('are known by the names of their functions', () => {
    expect(chain.names).toEqual(['parseNumber', 'skipZero', 'refuseLarge']);
  });

  it('do not go on after a message has left', () => {
    const seen: number[] = [];
    const watch = (number: number) => {
      seen.push(number);
      return accepted(number);
    };
    steps(parseNumber, skipZero, watch).run('0');
    expect(seen).toEqual([]);
  });

  it('without a name are refused when the lane is made, because metrics and dead letters would not say where', () => {
    expect(() =>
      steps(
        parseNumber,
        (
          () => (n: number) =>
            accepted(n)
        )(),
      ),
    ).toThrow('step 1 has no name');
  });

  it('that throw are not caught: a bug is not the message’s fault', () => {
    const buggy = (): Outcome<string> => {
      throw new TypeError('a bug');
    };
    expect(() => steps(buggy).run(undefined as never)).toThrow('a bug');
  });
});
