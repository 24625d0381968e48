import { disagreementLineSchema } from '@assay/shared/contracts/disagreement-line';
import { goldLineSchema } from '@assay/shared/contracts/gold-line';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidedField, decision, docIdOf, vote } from '../../testing/known-decision.ts';
import { isNewer, newestDecisions, type Place } from './newest-decisions.ts';
import { linesFor, type Stream, type StreamLine, type Verdict, verdictOn } from './stream-lines.ts';

const NOTHING = null;
const shown = (lines: readonly StreamLine[]) => lines.map(({ stream, line }) => [stream, JSON.parse(line)]);

describe('a gold line', () => {
  it('carries the one label, the smallest confidence and who was confident', () => {
    const lines = linesFor(decision(1, 3, 'gold'), 'the text', NOTHING);

    expect(shown(lines)).toEqual([
      [
        'gold',
        {
          v: 1,
          op: 'add',
          doc_id: docIdOf(1),
          life: 1,
          version: 3,
          text: 'the text',
          label: 'billing',
          confidence_score: 0.9,
          annotators: ['1', '2'],
          decided_at: '2026-11-21T10:00:00.000000Z',
        },
      ],
    ]);
    expect(goldLineSchema.safeParse(JSON.parse(lines[0]!.line)).success).toBe(true);
  });

  it('names the fields when there are more, and takes the smallest confidence of all', () => {
    const fields = {
      topic: decidedField('gold', { label: 'billing', confidence_score: 0.95, annotators: ['b', 'a'] }),
      tone: decidedField('gold', { label: ['angry', 'short'], confidence_score: 0.85, annotators: ['c', 'a'] }),
    };

    const [line] = linesFor(decision(1, 1, 'gold', { fields }), 'text', NOTHING);

    expect(JSON.parse(line!.line)).toMatchObject({
      labels: { topic: 'billing', tone: ['angry', 'short'] },
      confidence_score: 0.85,
      annotators: ['a', 'b', 'c'],
    });
  });

  it('shows no label of a field that is not gold', () => {
    const fields = { topic: decidedField('gold'), tone: decidedField('pending') };

    const [line] = linesFor(decision(1, 1, 'gold', { fields }), 'text', NOTHING);

    expect(JSON.parse(line!.line).labels).toEqual({ topic: 'billing' });
  });
});

describe('a disagreement line', () => {
  it('carries the labels in dispute and the live votes', () => {
    const votes = [vote('1', 'billing'), vote('1', 'other', { status: 'superseded' }), vote(null, 'bug')];

    const lines = linesFor(decision(1, 2, 'disagreement', { votes }), 'the text', NOTHING);

    expect(shown(lines)).toEqual([
      [
        'disagreements',
        {
          v: 1,
          op: 'add',
          doc_id: docIdOf(1),
          life: 1,
          version: 2,
          text: 'the text',
          labels: ['billing', 'bug'],
          votes: [
            { annotator_id: '1', label: 'billing', confidence_score: 0.9, row: '2026/11/21/a.csv#1' },
            { annotator_id: null, label: 'bug', confidence_score: 0.9, row: '2026/11/21/a.csv#1' },
          ],
        },
      ],
    ]);
    expect(disagreementLineSchema.safeParse(JSON.parse(lines[0]!.line)).success).toBe(true);
  });

  it('leaves out the votes of fields nobody disputes, and names the field of the others', () => {
    const fields = { topic: decidedField('disagreement'), tone: decidedField('gold') };
    const votes = [
      vote('1', 'billing', { field: 'topic' }),
      vote('2', 'bug', { field: 'topic' }),
      vote('1', 'angry', { field: 'tone' }),
    ];

    const [line] = linesFor(decision(1, 1, 'disagreement', { fields, votes }), 'text', NOTHING);

    expect(JSON.parse(line!.line).votes.map((one: { field: string; label: string }) => [one.field, one.label])).toEqual(
      [
        ['topic', 'billing'],
        ['topic', 'bug'],
      ],
    );
  });
});

describe('what a decision writes, by what was applied before', () => {
  const cases: [string, Verdict, string | null, Verdict | null, string[]][] = [
    ['gold, nothing before', 'gold', 'text', NOTHING, ['gold add']],
    ['gold again', 'gold', 'text', 'gold', ['gold add']],
    ['gold after a disagreement', 'gold', 'text', 'disagreement', ['gold add', 'disagreements retract']],
    ['dissent against gold', 'disagreement', 'text', 'gold', ['gold retract', 'disagreements add']],
    ['less confident than before', 'low_confidence', 'text', 'gold', ['gold retract']],
    ['never gold', 'pending', 'text', NOTHING, []],
    ['taken out already', 'pending', 'text', 'low_confidence', []],
    ['erased', 'erased', null, 'gold', ['gold retract']],
    ['erased while people disagreed', 'erased', null, 'disagreement', ['disagreements retract']],
    ['gold of a text erased meanwhile', 'gold', null, 'gold', ['gold retract']],
    ['gold of a text erased before', 'gold', null, 'erased', []],
  ];

  it.each(cases)('%s', (_name, verdict, text, applied, expected) => {
    const lines = linesFor(decision(1, 5, verdict), text, applied);

    expect(lines.map(({ stream, op }) => `${stream} ${op}`)).toEqual(expected);
  });

  it('names the verdict as the reason of a retraction', () => {
    const [line] = linesFor(decision(1, 5, 'low_confidence'), 'text', 'gold');

    expect(JSON.parse(line!.line)).toEqual({
      v: 1,
      op: 'retract',
      doc_id: docIdOf(1),
      life: 1,
      version: 5,
      reason: 'low_confidence',
    });
  });
});

describe('any order and repetition of decisions', () => {
  const verdict = fc.constantFrom('gold', 'disagreement', 'low_confidence', 'pending');
  /**
   * Versions of two documents, delivered in any order, each any number of times, cut into any batches. Before the last ones of
   * the first document the database was restored, to before its second version.
   */
  const deliveries = fc
    .record({
      first: fc.array(verdict, { minLength: 1, maxLength: 6 }),
      second: fc.array(verdict, { maxLength: 4 }),
      restored: fc.array(verdict, { maxLength: 4 }),
    })
    .chain(({ first, second, restored }) => {
      const made = [first, second].flatMap((verdicts, doc) =>
        verdicts.map((one, at) => decision(doc + 1, at + 1, one)),
      );
      made.push(...restored.map((one, at) => decision(1, at + 2, one, { life: 2 })));
      const shuffled = fc.shuffledSubarray(made, { minLength: made.length });
      const repeats = fc.array(fc.constantFrom(...made), { maxLength: 6 });
      return fc.record({
        made: fc.constant(made),
        delivered: fc
          .tuple(shuffled, repeats, fc.array(fc.nat(20)))
          .map(([once, again, places]) =>
            again.reduce((all, one, at) => all.toSpliced((places[at] ?? 0) % (all.length + 1), 0, one), [...once]),
          ),
        cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 20, maxLength: 20 }),
      });
    });

  it('ends with each stream saying what the newest decision says, and with every delivery counted once', () => {
    fc.assert(
      fc.property(deliveries, ({ made, delivered, cuts }) => {
        const { streams, applied, duplicate } = deliver(delivered, cuts);
        for (const number of [1, 2]) {
          const newest = made.filter(({ doc_id }) => doc_id === docIdOf(number)).at(-1);
          const says = (stream: Stream) => {
            const last = streams[stream].findLast(({ doc_id }) => doc_id === docIdOf(number));
            return last?.op === 'add' ? placeOf(last) : null;
          };
          expect(says('gold')).toBe(newest?.verdict === 'gold' ? placeOf(newest) : null);
          expect(says('disagreements')).toBe(newest?.verdict === 'disagreement' ? placeOf(newest) : null);
        }
        for (const lines of Object.values(streams)) expect(faultsOf(lines)).toEqual([]);
        expect(applied + duplicate).toBe(delivered.length);
        expect(duplicate).toBe(deliver(delivered, [delivered.length]).duplicate);
      }),
    );
  });

  const placeOf = ({ life, version }: Place) => `${life}.${version}`;

  /** A retraction follows an add, and life and version only rise. */
  function faultsOf(lines: readonly StreamLine[]): readonly StreamLine[] {
    const before = new Map<string, StreamLine>();
    return lines.filter((line) => {
      const last = before.get(line.doc_id);
      before.set(line.doc_id, line);
      return (line.op === 'retract' && last?.op !== 'add') || (last !== undefined && !isNewer(line, last));
    });
  }

  function deliver(delivered: readonly ReturnType<typeof decision>[], cuts: readonly number[]) {
    const streams: Record<Stream, StreamLine[]> = { gold: [], disagreements: [] };
    const places = new Map<string, Place>();
    const verdicts = new Map<string, Verdict>();
    let duplicate = 0;
    let rest = delivered;
    for (let batch = 0; rest.length > 0; batch++) {
      const size = cuts[batch % cuts.length]!;
      const found = newestDecisions(rest.slice(0, size), places);
      rest = rest.slice(size);
      duplicate += found.duplicate;
      for (const one of found.newest) {
        places.set(one.doc_id, one);
        const applied = verdicts.get(one.doc_id) ?? null;
        verdicts.set(one.doc_id, verdictOn(one, 'text'));
        for (const line of linesFor(one, 'text', applied)) streams[line.stream].push(line);
      }
    }
    return { streams, duplicate, applied: delivered.length - duplicate };
  }
});
