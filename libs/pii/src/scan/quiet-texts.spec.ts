import { describe, expect, it } from 'vitest';
import { QuietTexts } from './quiet-texts.ts';

describe('texts in which nothing was found', () => {
  it('are known by field and text', () => {
    const quiet = new QuietTexts();
    quiet.add('channel', 'mail');
    expect(quiet.has('channel', 'mail')).toBe(true);
    expect(quiet.has('channel', 'Jane')).toBe(false);
    expect(quiet.has('requester.name', 'mail')).toBe(false);
  });

  it('are not kept when they are long', () => {
    const quiet = new QuietTexts();
    quiet.add('note', 'x'.repeat(41));
    expect(quiet.has('note', 'x'.repeat(41))).toBe(false);
  });

  it('are forgotten, and kept no more, for a field that has ever new ones', () => {
    const quiet = new QuietTexts();
    for (let i = 0; i <= 200; i++) quiet.add('id', `c-${i}`);
    expect(quiet.has('id', 'c-1')).toBe(false);
    quiet.add('id', 'c-1');
    expect(quiet.has('id', 'c-1')).toBe(false);
  });

  it('are forgotten when there are ever new fields', () => {
    const quiet = new QuietTexts();
    for (let i = 0; i <= 500; i++) quiet.add(`field ${i}`, 'mail');
    expect(quiet.has('field 0', 'mail')).toBe(false);
    expect(quiet.has('field 500', 'mail')).toBe(true);
  });
});
