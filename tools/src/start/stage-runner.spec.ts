import { describe, expect, it } from 'vitest';
import { renderStage, type Screen, StageRunner, type StageView } from './stage-runner.ts';

const stage = (rest: Partial<StageView>): StageView => ({ name: 'sent', state: 'running', seconds: 1.25, ...rest });

describe('renderStage', () => {
  it.each<[string, Partial<StageView>, string]>([
    ['counts on the way', { done: 400, of: 1000 }, '>  sent  1.3 s  400 of 1,000'],
    ['the whole count once', { state: 'done', done: 1000, of: 1000 }, '+  sent  1.3 s  1,000'],
    ['a count without a goal', { state: 'done', done: 3 }, '+  sent  1.3 s  3'],
    ['what numbers cannot say', { state: 'failed', note: 'no broker' }, '!  sent  1.3 s  no broker'],
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

  it('puts the times below one another', () => {
    const lines = [stage({}), stage({ name: 'masked and stored', seconds: 12 })].map((each) => renderStage(each, 80));
    const ends = lines.map((line) => line.search(/\d s$/));
    expect(ends[0]).toBeGreaterThan(0);
    expect(ends[1]).toBe(ends[0]);
  });
});

class FakeScreen implements Screen {
  text = '';
  readonly columns = 80;
  readonly isTerminal: boolean;
  constructor(isTerminal: boolean) {
    this.isTerminal = isTerminal;
  }
  write(text: string): void {
    this.text += text;
  }
}

const cursorUp = '\u001B[';

describe('StageRunner', () => {
  it('writes one plain line a stage where there is no terminal', async () => {
    const screen = new FakeScreen(false);
    const runner = new StageRunner(screen);
    await runner.run('sent', async (report) => report({ done: 10, of: 10 }));
    runner.say('ingest ended with 1');
    await runner.run('stored', async () => {});
    expect(screen.text).not.toContain(cursorUp);
    expect(screen.text.match(/^\+ sent .*10$/m)).not.toBeNull();
    expect(screen.text.split('\n').map((line) => line.slice(0, 6))).toEqual(['+ sent', 'ingest', '+ stor', '']);
  });

  it('draws over its own lines on a terminal, and only over those', async () => {
    const screen = new FakeScreen(true);
    const runner = new StageRunner(screen);
    await runner.run('sent', async () => {});
    const [built, up] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const both = [runner.run('built', () => built.promise), runner.run('up', () => up.promise)];
    runner.say('a line to keep');
    runner.say('another');
    built.resolve();
    await both[0];
    up.resolve();
    await both[1];
    const drawn = screen.text.split(`${cursorUp}2A${cursorUp}J`);
    expect(drawn[0]).toMatch(/^\+ sent .*\na line to keep\n> built .*\n> up .*\n$/);
    expect(drawn[1]).toMatch(/^another\n> built .*\n> up .*\n$/);
    const [afterBuilt, afterUp, ...rest] = drawn[2]!.split(`${cursorUp}1A${cursorUp}J`);
    expect(afterBuilt).toMatch(/^\+ built .*\n> up .*\n$/);
    expect(afterUp).toMatch(/^\+ up .*\n$/);
    expect(rest).toEqual([]);
  });

  it('counts the seconds of each stage, and says which failed', async () => {
    const screen = new FakeScreen(false);
    const runner = new StageRunner(screen);
    await runner.run('sent', async () => {});
    await expect(runner.run('stored', () => Promise.reject(new Error('no broker')))).rejects.toThrow('no broker');
    expect(Object.keys(runner.secondsByStage)).toEqual(['sent', 'stored']);
    expect(screen.text).toContain('! stored');
  });
});
