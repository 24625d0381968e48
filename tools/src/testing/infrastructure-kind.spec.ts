import { describe, expect, it } from 'vitest';
import { chooseKind, existingFor } from './infrastructure-kind.ts';

describe('chooseKind', () => {
  it.each([
    [{}, 'local'],
    [{ TEST_INFRA: '' }, 'local'],
    [{ TEST_INFRA: 'local' }, 'local'],
    [{ TEST_INFRA: 'existing' }, 'existing'],
    [{ TEST_INFRA: 'containers' }, 'containers'],
  ])('%j is %s', (env, expected) => {
    expect(chooseKind(env)).toBe(expected);
  });

  it('refuses anything else', () => {
    expect(() => chooseKind({ TEST_INFRA: 'docker' })).toThrow(/must be local, existing or containers, got docker/);
  });
});

describe('existingFor', () => {
  const env = { DATABASE_URL: 'postgres://elsewhere' };

  it('touches no database that the shell happens to name', () => {
    expect(existingFor('local', env)).toEqual({});
  });

  it('touches none beside containers either', () => {
    expect(existingFor('containers', env)).toEqual({});
  });

  it('uses it when asked to', () => {
    expect(existingFor('existing', env)).toEqual({ databaseUrl: 'postgres://elsewhere' });
  });
});
