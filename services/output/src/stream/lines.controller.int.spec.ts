import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { linesDoor } from '../flows.ts';
import { decision, docIdOf } from '../testing/known-decision.ts';
import { OutputBed } from '../testing/output-bed.ts';
import { type ServedDoors, serveDoors } from '../testing/serve-doors.ts';

let bed: OutputBed;
let doors: ServedDoors;
const get: ServedDoors['get'] = (...request) => doors.get(...request);

beforeAll(async () => {
  bed = await OutputBed.start();
  doors = await serveDoors(linesDoor(bed.postgres));
});
afterAll(async () => {
  await doors.close();
  await bed.stop();
});
beforeEach(() => bed.clear());

describe('tailing a stream', () => {
  async function tail(path: string, limit: number): Promise<string[]> {
    const seen: string[] = [];
    for (let after = '0'; ;) {
      const answer = await get(`${path}?after=${after}&limit=${limit}`);
      const lines = (await answer.text()).split('\n').slice(0, -1);
      if (lines.length === 0) return seen;
      seen.push(...lines.map((line) => JSON.parse(line).doc_id));
      after = answer.headers.get('assay-next-seq')!;
    }
  }

  it('gives every line once, in order, however small the answers are', async () => {
    await bed.storeDocuments(7);
    await bed.apply(...[1, 2, 3, 4, 5].map((number) => decision(number, 1, 'gold')));
    await bed.apply(decision(6, 1, 'disagreement'), decision(7, 1, 'disagreement'));

    expect(await tail('/v1/gold/lines', 2)).toEqual([1, 2, 3, 4, 5].map(docIdOf));
    expect(await tail('/v1/disagreements/lines', 1)).toEqual([6, 7].map(docIdOf));
  });

  it('answers nothing, and the same place, when there is nothing new', async () => {
    const answer = await get('/v1/gold/lines?after=12');

    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.headers.get('assay-next-seq')).toBe('12');
    expect(await answer.text()).toBe('');
  });

  it('says which life of the database the lines are from, and a restore is told by the next one', async () => {
    const life = async () => (await get('/v1/gold/lines')).headers.get('assay-life');
    expect(await life()).toBe('1');
    await bed.query(`select assay.begin_life(1, 'the spec restored it')`);
    expect(await life()).toBe('2');
  });

  it.each(['after=-1', 'after=x', 'limit=0', 'limit=10001', 'after=1.5'])('refuses %s', async (query) => {
    expect((await get(`/v1/gold/lines?${query}`)).status).toBe(400);
  });
});
