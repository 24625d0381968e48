/** How far a stage is; `note` says what numbers cannot. */
export interface StageProgress {
  readonly done?: number;
  readonly of?: number;
  readonly note?: string;
}

export interface StageView extends StageProgress {
  readonly name: string;
  readonly state: 'running' | 'done' | 'failed';
  readonly seconds: number;
}

const marks = { running: '>', done: '+', failed: '!' } as const;
const NAME_WIDTH = 22;

const count = (value: number): string => value.toLocaleString('en-US');

function amount({ done, of }: StageProgress): string {
  if (done === undefined) return '';
  return of === undefined || of === done ? count(done) : `${count(done)} of ${count(of)}`;
}

/** One stage on one line, cut to the terminal's width: a line that wraps would not be erased as a whole. */
export function renderStage(stage: StageView, width = Infinity): string {
  const { state, name, seconds, note = '' } = stage;
  const cells = [
    marks[state],
    name.padEnd(NAME_WIDTH),
    `${seconds.toFixed(1)} s`.padStart(8),
    amount(stage).padStart(14),
  ];
  const line = `${cells.join(' ')}  ${note}`.trimEnd();
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line;
}

export interface Screen {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

const REDRAW_MS = 200;
/** Without a terminal a stage that takes long still says now and then how far it is. */
const PLAIN_EVERY_MS = 10_000;

interface Stage {
  readonly name: string;
  readonly began: number;
  state: StageView['state'];
  seconds: number;
  progress: StageProgress;
}

/** Runs stages and shows them: a line for each that has ended, and on a terminal the running ones below, redrawn in place. */
export class StageRunner {
  readonly #screen: Screen;
  readonly #stages: Stage[] = [];
  #drawnLines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  get secondsByStage(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#stages.map(({ name, seconds }) => [name, Number(seconds.toFixed(2))]));
  }

  async run<T>(name: string, work: (report: (progress: StageProgress) => void) => Promise<T>): Promise<T> {
    const stage: Stage = { name, began: performance.now(), state: 'running', seconds: 0, progress: {} };
    this.#stages.push(stage);
    const { isTerminal } = this.#screen;
    this.#timer ??= setInterval(() => this.#redraw(), isTerminal ? REDRAW_MS : PLAIN_EVERY_MS).unref();
    try {
      const result = await work((progress) => (stage.progress = progress));
      this.#end(stage, 'done');
      return result;
    } catch (error) {
      this.#end(stage, 'failed');
      throw error;
    }
  }

  /** A line for people, above the running stages. */
  say(line: string): void {
    this.#erase();
    this.#screen.write(`${line}\n`);
    if (this.#screen.isTerminal) this.#draw();
  }

  #end(stage: Stage, state: 'done' | 'failed'): void {
    stage.seconds = (performance.now() - stage.began) / 1000;
    stage.state = state;
    this.say(this.#lineOf(stage));
    if (this.#stages.some((each) => each.state === 'running')) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #lineOf({ name, state, progress, began, seconds }: Stage): string {
    const soFar = state === 'running' ? (performance.now() - began) / 1000 : seconds;
    return renderStage(
      { ...progress, name, state, seconds: soFar },
      this.#screen.isTerminal ? this.#screen.columns : Infinity,
    );
  }

  #redraw(): void {
    this.#erase();
    this.#draw();
  }

  #erase(): void {
    // Up to the first of the lines, then everything below it away.
    if (this.#screen.isTerminal && this.#drawnLines > 0) this.#screen.write(`\u001B[${this.#drawnLines}A\u001B[J`);
    this.#drawnLines = 0;
  }

  #draw(): void {
    const running = this.#stages.filter(({ state }) => state === 'running');
    for (const stage of running) this.#screen.write(`${this.#lineOf(stage)}\n`);
    this.#drawnLines = running.length;
  }
}
