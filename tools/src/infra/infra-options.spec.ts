import { describe, expect, it } from 'vitest';
import { UsageError } from '@assay/cli/verb';
import { parseInfraOptions } from './infra-options.ts';

describe('parseInfraOptions', () => {
  it('starts everything in .assay by default', () => {
    expect(parseInfraOptions([])).toEqual({
      dataDir: '.assay',
      portBase: undefined,
      parts: ['kafka', 'postgres', 'azurite', 'connect'],
      isOnce: false,
    });
  });

  it('reads every option', () => {
    const args = ['--data-dir', 'd', '--port-base=19000', '--without', 'connect, azurite', '--once'];
    expect(parseInfraOptions(args)).toEqual({
      dataDir: 'd',
      portBase: 19_000,
      parts: ['kafka', 'postgres'],
      isOnce: true,
    });
  });

  it('asks for the help text', () => {
    expect(parseInfraOptions(['--help'])).toBeUndefined();
  });

  it.each([
    ['an unknown option', ['--port', '1']],
    ['a word too many', ['start']],
    ['a base that is no number', ['--port-base', '19k']],
    ['an unknown part', ['--without', 'redis']],
    ['nothing left', ['--without', 'kafka,postgres,azurite,connect']],
  ])('refuses %s', (_name, args) => {
    expect(() => parseInfraOptions(args)).toThrow(UsageError);
  });
});
