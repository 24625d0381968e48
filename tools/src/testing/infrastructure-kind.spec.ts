import { describe, expect, it } from 'vitest';
import { chooseKind, existingFor } from './infrastructure-kind.ts';

describe('chooseKind', () => {
  it.each([
    [{}, 'local'],
    [{ TEST_INFRA: '' }, 'local'],
    [{ TEST_INFRA: 'local' }, 'local'],
    [{ TEST_INFRA: 'existing' }, 'existing'],
  ])('%j is %s', (env, expected) => {
    expect(chooseKind(env)).toBe(expected);
  });

  it.each([
    ['containers', /not there yet[^]*TEST_INFRA=local/],
    ['docker', /must be local, existing or containers, got docker/],
  ])('refuses %s', (kind, reason) => {
    expect(() => chooseKind({ TEST_INFRA: kind })).toThrow(reason);
  });
});

describe('existingFor', () => {
  const env = { DATABASE_URL: 'postgres://elsewhere' };

  it('touches no database that the shell happens to name', () => {
    expect(existingFor('local', env)).toEqual({});
  });

  it('uses it when asked to', () => {
    expect(existingFor('existing', env)).toEqual({ databaseUrl: 'postgres://elsewhere' });
  });
});
