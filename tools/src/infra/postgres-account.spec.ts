import { describe, expect, it } from 'vitest';
import { firstClosedFolder } from './postgres-account.ts';

const postgres = { uid: 101, gid: 104 };
const open = { mode: 0o40755, uid: 0, gid: 0 };
const closed = { mode: 0o40700, uid: 0, gid: 0 };

describe('firstClosedFolder', () => {
  const cases: [string, Record<string, typeof open>, string | undefined][] = [
    ['everything open', {}, undefined],
    ['the home of root', { '/root': closed }, '/root'],
    ['the outermost of two', { '/root': closed, '/root/assay': closed }, '/root'],
    ['the folder itself', { '/root/assay/data': closed }, '/root/assay/data'],
    ['closed, but its own', { '/root': { ...closed, uid: postgres.uid } }, undefined],
    ['closed, but for its group', { '/root': { mode: 0o40710, uid: 0, gid: postgres.gid } }, undefined],
    ['open to all but its group', { '/root': { mode: 0o40701, uid: 0, gid: postgres.gid } }, '/root'],
  ];
  it.each(cases)('%s', (_name, folders, expected) => {
    expect(firstClosedFolder('/root/assay/data', postgres, (folder) => folders[folder] ?? open)).toBe(expected);
  });
});
