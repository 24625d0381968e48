import { randomUUID } from 'node:crypto';
import {
  AccountSASPermissions,
  AccountSASResourceTypes,
  AccountSASServices,
  BlobServiceClient,
  generateAccountSASQueryParameters,
  SASProtocol,
  type StorageSharedKeyCredential,
} from '@azure/storage-blob';
import { afterAll, afterEach, describe, expect, inject, it, vi } from 'vitest';
import '../../testing/test-infrastructure.ts';
import { openBlobStore } from '../open-blob-store.ts';
import { createAzureBlobStore } from './azure-blob-store.ts';
import { describeBlobStore } from '../blob-store.contract.ts';

const made: string[] = [];
function newContainer(): string {
  const name = `spec-${randomUUID()}`;
  made.push(name);
  return name;
}
const service = () => BlobServiceClient.fromConnectionString(inject('blobConnectionString'));

afterAll(async () => {
  for (const name of made) await service().getContainerClient(name).deleteIfExists();
});

// The container does not exist yet: whoever comes first makes it.
describeBlobStore('Azure', async () => createAzureBlobStore(inject('blobConnectionString'), newContainer()));

/** What an account is asked with by who has no key of it. */
function signature(): string {
  const permissions = AccountSASPermissions.parse('rwdlacx');
  const expiresOn = new Date(Date.now() + 3_600_000);
  const services = AccountSASServices.parse('b').toString();
  const resourceTypes = AccountSASResourceTypes.parse('sco').toString();
  return generateAccountSASQueryParameters(
    { permissions, expiresOn, services, resourceTypes, protocol: SASProtocol.HttpsAndHttp },
    service().credential as StorageSharedKeyCredential,
  ).toString();
}

describeBlobStore('Azure, by an address with a signature', async () =>
  openBlobStore(`${service().url}?${signature()}`, newContainer()),
);

describeBlobStore('Azure, below a folder of one container', async () =>
  openBlobStore(`${service().url}/${newContainer()}/support/?${signature()}`, 'gold'),
);

describe('an account asked as whoever this process is signed in as', () => {
  afterEach(() => vi.unstubAllEnvs());

  it('says what is missing when it is nobody', async () => {
    vi.stubEnv('AZURE_TOKEN_CREDENTIALS', 'EnvironmentCredential');
    const blobs = await openBlobStore('https://nobody.blob.core.windows.net', 'gold');
    await expect(blobs.ping()).rejects.toMatchObject({
      code: 'DEPENDENCY_UNAVAILABLE',
      dependency: 'blob',
      message: expect.stringContaining('Storage Blob Data Contributor'),
    });
  });
});

describe('a container nobody has made', () => {
  it('is made by the first ping', async () => {
    const name = newContainer();
    await createAzureBlobStore(inject('blobConnectionString'), name).ping();
    expect(await service().getContainerClient(name).exists()).toBe(true);
  });

  it('is made by one of several writers who come at once', async () => {
    const blobs = createAzureBlobStore(inject('blobConnectionString'), newContainer());
    const results = await Promise.all([1, 2, 3, 4].map((n) => blobs.create(`blob ${n}`, Buffer.from('x'), {})));
    expect(new Set(results)).toEqual(new Set(['created']));
  });
});

describe('a blob that is written by appending', () => {
  it('is listed as one that may grow', async () => {
    const container = newContainer();
    const blobs = createAzureBlobStore(inject('blobConnectionString'), container);
    await blobs.create('whole', Buffer.from('x'), {});
    await service().getContainerClient(container).getAppendBlobClient('grown').create();
    const listed: [string, boolean][] = [];
    for await (const { name, mayGrow } of blobs.list('')) listed.push([name, mayGrow]);
    expect(listed).toEqual([
      ['grown', true],
      ['whole', false],
    ]);
  });
});

describe('a blob store that fails', () => {
  const nowhere = 'DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YWJj;BlobEndpoint=http://127.0.0.1:1/a;';
  const refused = () => {
    const wrongKey = Buffer.from('another key').toString('base64');
    return inject('blobConnectionString').replace(/AccountKey=[^;]+/, `AccountKey=${wrongKey}`);
  };

  it.each([
    ['out of reach', () => nowhere],
    ['that refuses our key', refused],
  ])('%s is an outage of blob storage, whatever was asked', async (_what, connection) => {
    const blobs = createAzureBlobStore(connection(), 'anything');
    const listAll = async () => {
      for await (const _ of blobs.list('')) break;
    };
    const asked = [
      () => blobs.create('a', Buffer.from('x'), {}),
      () => blobs.read('a'),
      () => blobs.metadata('a'),
      () => blobs.delete('a'),
      () => blobs.ping(),
      listAll,
    ];
    for (const ask of asked)
      await expect(ask()).rejects.toMatchObject({ code: 'DEPENDENCY_UNAVAILABLE', dependency: 'blob' });
  });
});
