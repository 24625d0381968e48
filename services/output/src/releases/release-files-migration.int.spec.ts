import { sha256Of } from '@assay/shared/blob/write-once';
import { LATEST_RELEASE, releaseManifestSchema } from '@assay/shared/contracts/release';
import { roles } from '@assay/shared/contracts/roles';
import { migrate, readMigrations } from '@assay/shared/postgres/migrate';
import { createMemoryBlobStore } from '@assay/shared/testing/memory-blob-store';
import { createTestDatabase, type TestDatabase } from '@assay/shared/testing/test-database';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { releaseFormats } from '../formats/registry.ts';
import { docIdOf } from '../testing/known-decision.ts';
import { makeRelease } from './make-release.ts';
import { findRelease } from './releases.sql.ts';

let database: TestDatabase;
beforeAll(async () => void (database = await createTestDatabase({ migrated: false })));
afterAll(() => database.drop());

const CLEAN = `{"doc_id":"${docIdOf(1)}","text":"the text","label":"billing","confidence_score":0.9,"annotators":["1"],"decided_at":"2026-11-21T10:00:00.000000Z","version":1}\n`;
const GOLD = JSON.stringify({ v: 1, op: 'add', ...JSON.parse(CLEAN) });
const sha256 = sha256Of(Buffer.from(CLEAN));

/** As the version before left it: one document that is gold, one release of it, and another that was interrupted. */
async function leaveReleases(): Promise<void> {
  const doc = docIdOf(1);
  await database.admin.query(`
    insert into public.documents (doc_id, source, ticket_id, text, text_hash, priority, fields, masked, bronze_path)
    values ('${doc}', 'spec', '1', 'the text', 'hash', 5, '{}', '{}', 'none');
    insert into public.decisions (decision_id, doc_id, version, verdict, fields, votes, reason, rules_version, decided_at)
    values ('d', '${doc}', 1, 'gold', '{}', '[]', 'a spec says so', 'rules-1', now());`);
  const line = `insert into assay.output_lines (stream, doc_id, version, op, line, seq) values ('gold', $1, 1, 'add', $2, 1)`;
  await database.admin.query(line, [doc, GOLD]);
  const release = `
    insert into assay.releases (release, last_seq, line_count, sha256, bytes, rules_versions, confirmed_at)
    values ($1, 1, 1, $2, $3, '{"rules-1": 1}', $4)`;
  await database.admin.query(release, [1, sha256, CLEAN.length, '2026-11-21T11:00:00Z']);
  await database.admin.query(release, [2, sha256, CLEAN.length, null]);
}

it('a release of the version before keeps its file, and an interrupted one is finished', async () => {
  const migrations = await readMigrations();
  const before = migrations.findIndex(({ name }) => name.endsWith('-release-files.sql'));
  await migrate(database.url, migrations.slice(0, before));
  await leaveReleases();
  const blobs = createMemoryBlobStore();
  await blobs.create('releases/000002/manifest.json', Buffer.from('{"release": 2}\n'), { sha256: 'of that' });

  await migrate(database.url, migrations);

  const postgres = database.as(roles.output);
  const file = {
    name: 'clean_training_dataset.jsonl',
    format: 'jsonl',
    media_type: 'application/x-ndjson; charset=utf-8',
    sha256,
    bytes: CLEAN.length,
    line_count: 1,
  };
  expect(await findRelease(postgres, 1)).toMatchObject({ sha256, bytes: CLEAN.length, line_count: 1, files: [file] });
  expect(await findRelease(postgres, 2)).toBeNull();
  expect(await makeRelease({ postgres, blobs, known: releaseFormats }, releaseFormats)).toMatchObject({
    kind: 'released',
    manifest: { release: 2, files: [file] },
  });
  expect(Buffer.from((await blobs.read(`releases/000002/${file.name}`))!).toString()).toBe(CLEAN);
  const [manifest, latest] = await Promise.all(
    ['releases/000002/manifest.json', LATEST_RELEASE].map(async (name) => Buffer.from((await blobs.read(name))!)),
  );
  expect(latest).toEqual(manifest);
  expect(releaseManifestSchema.parse(JSON.parse(String(latest)))).toMatchObject({ release: 2, sha256 });
});
