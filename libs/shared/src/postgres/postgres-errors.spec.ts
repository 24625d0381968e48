import { describe, expect, it } from 'vitest';
import type { PipelineError } from '../errors/pipeline-error.ts';
import { postgresError } from './postgres-errors.ts';

const withState = (code: string) => Object.assign(new Error('value too long: "T-1042"'), { code });

describe('what pg threw', () => {
  it.each(['40001', '40P01', '55P03', '25006'])('SQLSTATE %s is a conflict', (state) => {
    expect(postgresError('inserting', withState(state))).toMatchObject({ code: 'WRITE_CONFLICT' });
  });

  it.each(['08006', '08001', '53300', '53100', '57P01', '57P02', '57P03', '57014', '58030', '28P01', '25P03', '3D000'])(
    'SQLSTATE %s is an outage',
    (state) => {
      expect(postgresError('inserting', withState(state))).toMatchObject({
        code: 'DEPENDENCY_UNAVAILABLE',
        dependency: 'postgres',
      });
    },
  );

  it.each([
    'connect ECONNREFUSED 127.0.0.1:5432',
    'read ECONNRESET',
    'write EPIPE',
    'getaddrinfo ENOTFOUND db',
    'getaddrinfo EAI_AGAIN db',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Query read timeout',
  ])('without a state, “%s” is an outage', (message) => {
    expect(postgresError('inserting', new Error(message))).toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE' });
  });

  it('several addresses that all refused are one outage, and each is named', () => {
    const refused = new AggregateError([
      new Error('connect ECONNREFUSED ::1:5432'),
      new Error('connect ECONNREFUSED 127.0.0.1:5432'),
    ]);
    const outage = postgresError('connecting', refused) as PipelineError;
    expect(outage.code).toBe('DEPENDENCY_UNAVAILABLE');
    expect(outage.message).toContain('127.0.0.1:5432');
  });

  it.each(['42501', '42P01', '23505', '23503', '23502', 'XX000', '25P02'])(
    'SQLSTATE %s is a bug and passes as it is',
    (state) => {
      const bug = withState(state);
      expect(postgresError('inserting', bug)).toBe(bug);
    },
  );

  it.each([
    ['22003', 'CONTRACT_VIOLATED'],
    ['22P05', 'CONTRACT_VIOLATED'],
    ['23514', 'CONTRACT_VIOLATED'],
    ['54000', 'PAYLOAD_TOO_LARGE'],
    ['54001', 'PAYLOAD_TOO_LARGE'],
  ])('SQLSTATE %s can be caused by a row: %s, which no retry changes', (state, code) => {
    expect(postgresError('inserting', withState(state))).toMatchObject({ code, retriable: false });
  });

  it('what is no error passes as it is', () => {
    expect(postgresError('inserting', 'a string')).toBe('a string');
    const bug = new TypeError('x is not a function');
    expect(postgresError('inserting', bug)).toBe(bug);
  });

  it('keeps the driver’s error as the cause and its words, which may quote a row, out of the message', () => {
    const driver = withState('40P01');
    const conflict = postgresError('inserting documents', driver) as PipelineError;
    expect(conflict.cause).toBe(driver);
    expect(conflict.message).toBe('inserting documents: SQLSTATE 40P01');
  });
});
