import { describe, expect, it } from 'vitest';
import { readLabelFilesRequest } from './label-files-request.ts';

const read = (type: string, value: unknown) => readLabelFilesRequest(type, Buffer.from(JSON.stringify(value)));
const event = (given: object = {}) => ({
  specversion: '1.0',
  type: 'Microsoft.Storage.BlobCreated',
  source: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a',
  id: '9aeb0fdf-c01e-0131-0922-9eb54906e209',
  time: '2026-11-29T03:00:00.0000000Z',
  subject: '/blobServices/default/containers/labeled/blobs/2026/11/29/a b.csv',
  data: { api: 'PutBlob', url: 'https://a.blob.core.windows.net/labeled/2026/11/29/a%20b.csv', contentLength: 12 },
  ...given,
});

describe('a request that tells of label files', () => {
  it('names them', () => {
    expect(read('application/json', { paths: ['2026/11/29/a.csv', 'b.jsonl'] })).toEqual({
      kind: 'told',
      paths: ['2026/11/29/a.csv', 'b.jsonl'],
    });
  });

  it('may be an event of Event Grid, one or many', () => {
    const paths = ['2026/11/29/a b.csv'];
    expect(read('application/cloudevents+json; charset=utf-8', event())).toEqual({ kind: 'told', paths });
    expect(read('Application/CloudEvents-Batch+JSON', [event(), event({ id: '2' })])).toEqual({
      kind: 'told',
      paths: [...paths, ...paths],
    });
  });

  it.each([
    ['of another kind', { type: 'Microsoft.Storage.BlobDeleted' }],
    ['of another container', { subject: '/blobServices/default/containers/outgoing/blobs/a.csv' }],
    ['without a subject', { subject: undefined }],
  ])('tells of none by an event %s, which is no fault of its sender', (_name, given) => {
    expect(read('application/cloudevents+json', event(given))).toEqual({ kind: 'told', paths: [] });
  });

  it.each([
    ['another content type', 'text/plain', { paths: ['a'] }, 415],
    ['a name of Object', 'constructor', { paths: ['a'] }, 415],
    ['no path', 'application/json', { paths: [] }, 422],
    ['more than may be', 'application/json', { paths: Array(1_001).fill('a') }, 422],
    ['another field', 'application/json', { path: 'a' }, 422],
    ['an event of another version', 'application/cloudevents+json', event({ specversion: '0.3' }), 422],
    ['one event where many are due', 'application/cloudevents-batch+json', event(), 422],
  ])('is refused with %s', (_name, type, value, status) => {
    expect(read(type, value)).toMatchObject({ kind: 'refused', status });
  });

  it('is refused when it is no JSON', () => {
    expect(readLabelFilesRequest('application/json', Buffer.from('{"paths":'))).toMatchObject({ status: 422 });
  });
});
