import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openNameFinder } from './open-name-finder.ts';

const settings = {
  INGEST_DEEP_PASS: 'off' as const,
  INGEST_PRESIDIO_URL: undefined,
  INGEST_DEEP_MODEL: undefined,
  INGEST_DEEP_TIMEOUT_MS: 100,
};

describe('what finds names behind the rules', () => {
  let asked = 0;
  const silent = createServer(() => asked++);
  let url: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => void silent.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    silent.closeAllConnections();
    silent.close();
  });

  it('is nothing while it is off, whatever else is set', async () => {
    const others = { INGEST_PRESIDIO_URL: url, INGEST_DEEP_MODEL: '/no/such/folder' };
    expect(await openNameFinder({ ...settings, ...others })).toBeNull();
    expect(asked).toBe(0);
  });

  it('is Presidio with the deadline of the settings', async () => {
    const finder = await openNameFinder({
      ...settings,
      INGEST_DEEP_PASS: 'presidio',
      INGEST_PRESIDIO_URL: url,
    });
    await expect(finder!.findNames('Jane')).rejects.toMatchObject({
      message: `asking ${url}: TimeoutError`,
      isRefusal: false,
    });
    expect(asked).toBe(1);
  });

  it('is a model, and a folder that holds none ends the start', async () => {
    const model = { ...settings, INGEST_DEEP_PASS: 'model' as const, INGEST_DEEP_MODEL: '/no/such/folder' };
    await expect(openNameFinder(model)).rejects.toThrow('/no/such/folder');
  });
});
