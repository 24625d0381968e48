import { describe, expect, it } from 'vitest';
import { hostCheck } from './allowed-host.ts';

const goesBy = (HTTP_HOST: string, HTTP_ALLOWED_HOSTS: readonly string[], host: string | undefined) =>
  hostCheck({ HTTP_HOST, HTTP_ALLOWED_HOSTS })(host);

describe('a server on loopback', () => {
  it.each(['127.0.0.1', '127.0.0.1:8080', 'localhost:1', 'LocalHost', '[::1]', '[::1]:80', '127.9.9.9:1', undefined])(
    'goes by %s',
    (host) => expect(goesBy('127.0.0.1', [], host)).toBe(true),
  );
  it.each([
    'rebound.example',
    'rebound.example:8080',
    'localhost.example',
    '127.0.0.1.example',
    'ingest:8080',
    '10.0.0.1',
    '[::2]',
    '',
    ':80',
    'localhost:80:80',
    'localhost@rebound.example',
    'localhost rebound.example',
  ])('does not go by %j', (host) => expect(goesBy('127.0.0.1', [], host)).toBe(false));

  it('goes by the names it was given', () => {
    expect(goesBy('127.0.0.1', ['Assay.example'], 'assay.EXAMPLE:443')).toBe(true);
    expect(goesBy('127.0.0.1', ['assay.example'], 'x.assay.example')).toBe(false);
  });
});

describe('a server that others can reach', () => {
  it('goes by any name while none is named: whoever calls it shows a key', () => {
    expect(goesBy('0.0.0.0', [], 'ingest:8080')).toBe(true);
  });

  it.each([
    ['ingest:8080', true],
    ['10.1.2.3:8080', true],
    ['localhost:8080', true],
    ['rebound.example', false],
  ])('with names goes by those, its address and loopback: %s is %s', (host, expected) => {
    expect(goesBy('10.1.2.3', ['ingest'], host)).toBe(expected);
  });

  it('has an address of IPv6 in brackets', () => {
    expect(goesBy('fd00::1', ['x'], '[fd00::1]:80')).toBe(true);
  });
});
