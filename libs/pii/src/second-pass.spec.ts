import { describe, expect, it } from 'vitest';
import { createMasker } from './masker.ts';
import { createTwoPassMasker, type NamedSpan, type NameFinder } from './second-pass.ts';

/** Finds the given names, and remembers what it was shown. */
function finderOf(...names: readonly string[]): NameFinder & { readonly asked: string[] } {
  const asked: string[] = [];
  const findNames = (text: string): Promise<NamedSpan[]> => {
    asked.push(text);
    const found = names.flatMap((name) =>
      Array.from(text.matchAll(new RegExp(name, 'g')), ({ index }) => ({
        start: index,
        end: index + name.length,
        type: 'PERSON',
      })),
    );
    return Promise.resolve(found);
  };
  return { asked, findNames };
}

const broken: NameFinder = { findNames: () => Promise.reject(new Error('down')) };

describe('createTwoPassMasker', () => {
  it('adds names to what the first pass masked, with places in the input', async () => {
    const masker = createTwoPassMasker(createMasker(), { finder: finderOf('Jane Doe', 'Bob'), onFailure: 'fail' });
    const text = 'Jane Doe <jane@example.com> asks Bob, says Jane Doe';
    const { masked } = await masker.maskTogether([text]);
    expect(masked[0]?.text).toBe('<PERSON_1> <<EMAIL_1>> asks <PERSON_2>, says <PERSON_1>');
    expect(masked[0]?.spans.map(({ start, end }) => text.slice(start, end))).toEqual([
      'Jane Doe',
      'jane@example.com',
      'Bob',
      'Jane Doe',
    ]);
    expect(masked[0]?.maskedSpans.map(({ start, end }) => masked[0]?.text.slice(start, end))).toEqual([
      '<PERSON_1>',
      '<EMAIL_1>',
      '<PERSON_2>',
      '<PERSON_1>',
    ]);
  });

  it('shows the finder no value that the scanner knows', async () => {
    const finder = finderOf();
    const first = createMasker({ types: ['EMAIL_ADDRESS'] });
    await createTwoPassMasker(first, { finder, onFailure: 'fail' }).maskTogether(['Jane, jane@example.com']);
    expect(finder.asked).toEqual(['Jane, <EMAIL_1>']);
  });

  it('drops what touches a placeholder, lies outside or overlaps', async () => {
    const found: NamedSpan[] = [
      { start: 0, end: 6, type: 'PERSON' },
      { start: 10, end: 13, type: 'PERSON' },
      { start: 11, end: 13, type: 'PERSON' },
      { start: 12, end: 99, type: 'PERSON' },
    ];
    const finder: NameFinder = { findNames: () => Promise.resolve(found) };
    const { masked } = await createTwoPassMasker(createMasker(), { finder, onFailure: 'fail' }).maskTogether([
      'a@b.co Bob',
    ]);
    expect(masked[0]?.text).toBe('<EMAIL_1> <PERSON_1>');
  });

  it('changes nothing when it is done twice', async () => {
    const masker = createTwoPassMasker(createMasker(), {
      finder: finderOf('Jane', 'PERSON', 'EMAIL'),
      onFailure: 'fail',
    });
    const once = await masker.maskTogether(['Jane <EMAIL_4> jane@example.com']);
    const twice = await masker.maskTogether(once.masked.map(({ text }) => text));
    expect(once.masked[0]?.text).toBe('<PERSON_1> <EMAIL_4> <EMAIL_5>');
    expect(twice.masked[0]?.text).toBe(once.masked[0]?.text);
  });

  it('throws when the finder is down and the policy is to fail', async () => {
    const masker = createTwoPassMasker(createMasker(), { finder: broken, onFailure: 'fail' });
    await expect(masker.maskTogether(['Jane'])).rejects.toThrow('down');
  });

  it('gives the first pass and the reason when the finder is down and the policy is to skip', async () => {
    const masker = createTwoPassMasker(createMasker({ types: ['EMAIL_ADDRESS'] }), {
      finder: broken,
      onFailure: 'skip',
    });
    const { masked, skipped } = await masker.maskTogether(['Jane, jane@example.com']);
    expect(masked[0]?.text).toBe('Jane, <EMAIL_1>');
    expect(skipped?.message).toBe('down');
  });
});
