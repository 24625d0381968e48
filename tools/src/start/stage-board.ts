/** How far a stage is; `note` says what numbers cannot. */
export interface StageProgress {
  readonly done?: number;
  readonly of?: number;
  readonly note?: string;
}

export interface StageView extends StageProgress {
  readonly name: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly seconds: number;
}

const marks = { waiting: ' ', running: '>', done: '+', failed: '!' } as const;
const nameWidth = 22;

const count = (value: number): string => value.toLocaleString('en-US');

function amount({ done, of }: StageProgress): string {
  if (done === undefined) return '';
  return of === undefined || of === done ? count(done) : `${count(done)} of ${count(of)}`;
}

/** One stage on one line, cut to the terminal's width: a line that wraps would break the updating block. */
export function renderStage(stage: StageView, width = Infinity): string {
  const seconds = stage.state === 'waiting' ? '' : `${stage.seconds.toFixed(1)} s`;
  const cells = [marks[stage.state], stage.name.padEnd(nameWidth), seconds.padStart(8), amount(stage).padStart(14)];
  const line = `${cells.join(' ')}  ${stage.note ?? ''}`.trimEnd();
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
}

export const renderBoard = (stages: readonly StageView[], width: number): string[] =>
  stages.map((stage) => renderStage(stage, width));
