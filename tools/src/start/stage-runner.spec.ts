import { describe, expect, it } from 'vitest';
import { type Screen, StageRunner } from './stage-runner.ts';

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
    runner.rest();
    expect(screen.text).not.toContain(cursorUp);
    expect(screen.text.match(/^\+ sent .*10$/m)).not.toBeNull();
    expect(screen.text.split('\n').map((line) => line.slice(0, 6))).toEqual(['+ sent', 'ingest', '+ stor', '']);
  });

  it('draws over its own lines on a terminal, and only over those', async () => {
    const screen = new FakeScreen(true);
    const runner = new StageRunner(screen);
    await runner.run('sent', async () => {});
    await runner.run('stored', async () => {});
    runner.say('a line to keep');
    runner.rest();
    const [, ...afterErasing] = screen.text.split(`${cursorUp}2A${cursorUp}J`);
    expect(afterErasing[0]).toMatch(/^a line to keep\n/);
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
