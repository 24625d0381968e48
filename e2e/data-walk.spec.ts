import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/data-walk.md'), 'utf8');
const spec = readFileSync(join(root, 'e2e/data-walk.e2e.spec.ts'), 'utf8');

describe('docs/data-walk.md and e2e/data-walk.e2e.spec.ts', () => {
  it('have the same ten stops in the same order', () => {
    const told = [...page.matchAll(/^## (\d+\. .+)$/gm)].map(([, title]) => title);
    const walked = [...spec.matchAll(/it\('(\d+\. [^']+)'/g)].map(([, title]) => title);
    expect(told).toHaveLength(10);
    expect(told).toEqual(walked);
  });

  it('tell of the same ticket', () => {
    const [ticket] = page.match(/^\{"source":"zendesk".*$/m)!;
    const values = Object.values(JSON.parse(ticket) as Record<string, unknown>);
    for (const value of values.filter((each) => typeof each === 'string')) expect(spec).toContain(value);
    const [docId] = spec.match(/[0-9a-f]{32}/)!;
    expect(page).toContain(docId);
  });

  it.each([...page.matchAll(/\]\(\.\.\/([^)#]+)\)/g)].map(([, path]) => path!))('names %s, which exists', (path) => {
    expect(existsSync(join(root, path))).toBe(true);
  });

  it('names steps, topics and codes that are in the code', () => {
    const pipeline = readFileSync(join(root, 'services/ingest/src/tickets/ticket-lane.ts'), 'utf8');
    for (const step of ['decodeTicket', 'identify', 'repairText', 'maskPii', 'toDocument']) {
      expect(page).toContain(`\`${step}\``);
      expect(pipeline).toContain(step);
    }
    const codes = readFileSync(join(root, 'libs/shared/src/errors/codes.ts'), 'utf8');
    for (const [, code] of page.matchAll(/`([A-Z]+_[A-Z_]+)`/g)) expect(codes).toContain(code);
  });
});
