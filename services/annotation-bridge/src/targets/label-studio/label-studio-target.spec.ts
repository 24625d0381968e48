import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeLabelStudio, startFakeLabelStudio } from '../../testing/label-studio/fake-label-studio.ts';
import { fakeLabelStudioProject } from '../../testing/label-studio/label-studio-under-test.ts';
import { createLabelStudioApi } from './label-studio-api.ts';
import { createLabelStudioTarget } from './label-studio-target.ts';
import { describeLabelStudio } from './label-studio.contract.ts';

describeLabelStudio('a fake Label Studio', fakeLabelStudioProject);

describe('createLabelStudioTarget', () => {
  const settings = { maxDocuments: 3, maxBytes: 10_000, maxAgeMs: 0, fieldPaths: [], overlap: undefined };
  const never = new AbortController().signal;
  let fake: FakeLabelStudio;
  beforeEach(async () => {
    fake = await startFakeLabelStudio();
  });
  afterEach(() => fake.close());

  it('exchanges a personal access token, and again when the access token has run out on the way', async () => {
    const api = createLabelStudioApi({ ...fake, apiKey: fake.personalToken });
    await api.project(never);
    fake.expireAccess();
    expect(await api.project(never)).toMatchObject({ maximum_annotations: 2 });
  });

  it('believes no import that took fewer tasks than it was sent', async () => {
    const target = createLabelStudioTarget(createLabelStudioApi({ ...fake, apiKey: fake.legacyToken }), settings);
    const document = {
      ticket_id: 'T',
      source: 's',
      datetime: '2026-11-21T09:30:00Z',
      priority: 1,
      text: 't',
      fields: {},
    };
    const docIds = ['a', 'b', 'c'];
    const parts = target.encode(
      'x',
      new Date(0),
      docIds.map((doc_id) => ({ ...document, doc_id })),
    );
    const batch = { batchId: 'x', docIds, parts };
    fake.takeOnly(1);
    await expect(target.send(batch, new Set(docIds), never)).rejects.toThrow('took 1 of 3 documents');
    expect([...(await target.find(batch, never)).keys()]).toEqual(['a']);
  });

  it('takes a page for people at its address for what it is: another program', async () => {
    const api = createLabelStudioApi({ ...fake, url: `${fake.url}/elsewhere`, apiKey: fake.legacyToken });
    await expect(api.project(never)).rejects.toThrow('is its address right');
  });
});
