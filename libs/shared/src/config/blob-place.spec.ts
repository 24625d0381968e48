import { describe, expect, it } from 'vitest';
import { parseBlobPlace } from './blob-place.ts';

describe('where blobs live', () => {
  it.each([
    ['AccountName=a;AccountKey=YWJj;BlobEndpoint=http://127.0.0.1:10000/a;'],
    ['BlobEndpoint=https://a.blob.core.windows.net/;SharedAccessSignature=sv=2024&sig=x'],
  ])('is an Azure connection string: %s', (connectionString) => {
    expect(parseBlobPlace(connectionString)).toEqual({ kind: 'azure', connectionString });
  });

  it.each([
    ['https://a.blob.core.windows.net', '', null],
    ['https://a.blob.core.windows.net/?sv=2024&sig=x', '?sv=2024&sig=x', null],
    ['https://a.dfs.core.windows.net/lake', '', { bucket: 'lake', prefix: '' }],
    ['https://a.blob.core.windows.net/lake/support/assay', '', { bucket: 'lake', prefix: 'support/assay/' }],
  ])('is an Azure account by its address: %s', (text, signature, inside) => {
    const url = 'https://a.blob.core.windows.net';
    expect(parseBlobPlace(text)).toEqual({ kind: 'azure-account', url, signature, inside });
  });

  it('is an account of Azurite, whose name begins the path', () => {
    const url = 'http://127.0.0.1:10000/devstoreaccount1';
    expect(parseBlobPlace(`${url}?sig=x`)).toEqual({ kind: 'azure-account', url, signature: '?sig=x', inside: null });
    expect(parseBlobPlace(`${url}/all/of?sig=x`)).toMatchObject({ url, inside: { bucket: 'all', prefix: 'of/' } });
  });

  it.each([
    ['s3://tickets', { bucket: 'tickets', prefix: '' }, undefined, undefined],
    ['s3://tickets/a/b/?region=eu-central-1', { bucket: 'tickets', prefix: 'a/b/' }, 'eu-central-1', undefined],
    ['s3://t?endpoint=http://127.0.0.1:9000', { bucket: 't', prefix: '' }, undefined, 'http://127.0.0.1:9000'],
  ])('is a bucket of S3: %s', (text, inside, region, endpoint) => {
    expect(parseBlobPlace(text)).toEqual({ kind: 's3', inside, region, endpoint });
  });

  it('is a folder', () => {
    expect(parseBlobPlace('file:///srv/assay%20blobs')).toEqual({ kind: 'folder', path: '/srv/assay blobs' });
  });

  it.each([
    '',
    'somewhere',
    'AccountName=a;BlobEndpoint=http://127.0.0.1/a',
    's3://',
    's3://bucket?profile=x',
    's3://bucket?endpoint=127.0.0.1:9000',
    'file://host/share',
    'file:///',
    'ftp://host/folder',
  ])('is not %j', (text) => {
    expect(parseBlobPlace(text)).toBeNull();
  });
});
