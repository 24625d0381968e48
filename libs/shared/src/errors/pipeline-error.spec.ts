import { describe, expect, it } from 'vitest';
import { errorCodes, type ContentCode, type ErrorCode } from './codes.ts';
import { isRetriable, messageOf, PipelineError } from './pipeline-error.ts';

const codes = Object.entries(errorCodes) as [ErrorCode, (typeof errorCodes)[ErrorCode]][];

describe('the error codes', () => {
  it.each(codes)('%s says what it means and what an operator does about it', (code, { meaning, action }) => {
    expect(code).toMatch(/^[A-Z]+(_[A-Z]+)*$/);
    for (const sentence of [meaning, action]) {
      expect(sentence).toMatch(/^[A-Z]/);
      expect(sentence).toMatch(/\.$/);
      expect(sentence.length).toBeGreaterThan(4);
    }
  });

  it('that may dead-letter a message are never retriable: waiting does not change a message', () => {
    const content: Record<ContentCode, true> = {
      DECODE_FAILED: true,
      CONTRACT_VIOLATED: true,
      CONTRACT_VERSION_UNKNOWN: true,
      PAYLOAD_TOO_LARGE: true,
    };
    for (const code of Object.keys(content) as ContentCode[]) expect(errorCodes[code].retriable).toBe(false);
  });
});

describe('a pipeline error', () => {
  it.each(codes)('with %s is as retriable as the table says', (code, { retriable }) => {
    const error = new PipelineError(code, 'doing something');
    expect(error.retriable).toBe(retriable);
    expect(isRetriable(error)).toBe(retriable);
  });

  it('keeps what caused it and which dependency it was about', () => {
    const cause = new Error('refused');
    const error = new PipelineError('DEPENDENCY_UNAVAILABLE', 'reading: refused', { cause, dependency: 'blob' });
    expect(error).toMatchObject({ name: 'PipelineError', code: 'DEPENDENCY_UNAVAILABLE', dependency: 'blob', cause });
  });

  it('without a cause has none, rather than an undefined one', () => {
    expect('cause' in new PipelineError('WRITE_CONFLICT', 'x')).toBe(false);
  });
});

describe('what is retriable', () => {
  it.each([
    ['an ordinary error', new Error('x')],
    ['an error that says so itself, as kafkajs’s do', Object.assign(new Error('x'), { retriable: true })],
    ['a string', 'x'],
    ['nothing', undefined],
  ])('is not %s', (_what, error) => {
    expect(isRetriable(error)).toBe(false);
  });
});

describe('the message of what was thrown', () => {
  it.each([
    ['an error', new Error('x'), 'x'],
    ['a string', 'x', 'x'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
  ])('%s', (_what, error, expected) => {
    expect(messageOf(error)).toBe(expected);
  });
});
