import { describe, expect, it } from 'vitest';
import { renderBoard, renderStage, type StageView } from './stage-board.ts';

const stage = (rest: Partial<StageView>): StageView => ({ name: 'sent', state: 'running', seconds: 1.25, ...rest });

describe('renderStage', () => {
  it.each<[string, Partial<StageView>, string]>([
    ['counts on the way', { done: 400, of: 1000 }, '>  sent  1.3 s  400 of 1,000'],
    ['the whole count once', { state: 'done', done: 1000, of: 1000 }, '+  sent  1.3 s  1,000'],
    ['a count without a goal', { state: 'done', done: 3 }, '+  sent  1.3 s  3'],
    ['what numbers cannot say', { state: 'failed', note: 'no broker' }, '!  sent  1.3 s  no broker'],
    ['no time for what has not begun', { state: 'waiting' }, 'sent'],
  ])('shows %s', (_name, rest, expected) => {
    const squeezed = renderStage(stage(rest))
      .trim()
      .split(/\s{2,}/)
      .join('  ')
      .replace(/^([>+!]) /, '$1  ');
    expect(squeezed).toBe(expected);
  });

  it('never writes more than the terminal is wide', () => {
    expect(renderStage(stage({ note: 'x'.repeat(200) }), 80)).toHaveLength(80);
  });
});

describe('renderBoard', () => {
  it('puts the times below one another', () => {
    const lines = renderBoard([stage({}), stage({ name: 'masked and stored', seconds: 12 })], 80);
    const ends = lines.map((line) => line.search(/\d s$/));
    expect(ends[0]).toBeGreaterThan(0);
    expect(ends[1]).toBe(ends[0]);
  });
});
