import { describe, expect, it } from 'vitest';
import { PipelineError } from '../errors/pipeline-error.ts';
import { createLogger, describeError } from './logger.ts';

describe('an error in the log', () => {
  it('is its name, code, message and the place it came from', () => {
    const described = describeError(new PipelineError('WRITE_CONFLICT', 'inserting: SQLSTATE 40P01'));
    expect(described).toEqual({
      name: 'PipelineError',
      code: 'WRITE_CONFLICT',
      message: 'inserting: SQLSTATE 40P01',
      at: expect.stringContaining('logger.spec.ts'),
    });
  });

  it('never shows its own fields: drivers put rows, payloads and connection strings there', () => {
    const driver = Object.assign(new Error('duplicate key'), {
      code: '23505',
      detail: 'Key (ticket_id)=(jane@example.com) already exists.',
      where: 'COPY documents, line 7: "secret text"',
      config: { password: 'hunter2' },
    });
    const text = JSON.stringify(describeError(new PipelineError('INVARIANT_BROKEN', 'storing', { cause: driver })));
    expect(text).not.toMatch(/jane|secret|hunter2/);
    expect(text).toContain('23505');
  });

  it('names every cause, the first one last', () => {
    const root = new Error('connect ECONNREFUSED');
    const middle = new Error('fetching metadata', { cause: root });
    const described = describeError(new PipelineError('DEPENDENCY_UNAVAILABLE', 'reading', { cause: middle }));
    expect(described.cause?.message).toBe('fetching metadata');
    expect(described.cause?.cause?.message).toBe('connect ECONNREFUSED');
    expect(described.cause?.cause?.cause).toBeUndefined();
  });

  it('leaves out a code that is not text, and a stack that is not there', () => {
    const odd = Object.assign(new Error('x'), { code: 3 });
    delete odd.stack;
    expect(describeError(odd)).toEqual({ name: 'Error', message: 'x' });
  });

  it.each([
    ['a string', 'x', { name: 'string', message: 'x' }],
    ['nothing', undefined, { name: 'undefined', message: 'undefined' }],
  ])('may be %s', (_what, thrown, expected) => {
    expect(describeError(thrown)).toEqual(expected);
  });
});

describe('the log', () => {
  function lines(write: (log: ReturnType<typeof createLogger>) => void, level = 'info'): unknown[] {
    const written: string[] = [];
    const log = createLogger('ingest', level);
    const stream = Object.getOwnPropertySymbols(log).find((symbol) => symbol.description === 'pino.stream')!;
    Object.assign(log, { [stream]: { write: (line: string) => written.push(line) } });
    write(log);
    return written.map((line) => JSON.parse(line) as unknown);
  }

  it('is one JSON object a line, with service, level by name and time in ISO', () => {
    expect(lines((log) => log.info({ topic: 'a' }, 'Ready.'))).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: 'ingest',
        topic: 'a',
        msg: 'Ready.',
      },
    ]);
  });

  it('writes errors described, not as the driver made them', () => {
    const error = Object.assign(new Error('x'), { detail: 'jane@example.com' });
    expect(JSON.stringify(lines((log) => log.error({ err: error }, 'Failed.')))).not.toContain('jane');
  });

  it('leaves out what is below its level', () => {
    expect(lines((log) => log.debug('x'))).toEqual([]);
    expect(lines((log) => log.debug('x'), 'debug')).toHaveLength(1);
  });
});
