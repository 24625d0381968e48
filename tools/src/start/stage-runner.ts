import { renderBoard, renderStage, type StageProgress, type StageView } from './stage-board.ts';

export interface Screen {
  readonly isTerminal: boolean;
  readonly columns: number;
  write(text: string): void;
}

const redrawMs = 200;
/** Without a terminal a stage that takes long still says now and then how far it is. */
const plainEveryMs = 10_000;

interface RunningStage {
  readonly name: string;
  readonly began: number;
  state: StageView['state'];
  seconds: number;
  progress: StageProgress;
}

/** Runs stages one after the other and shows them: an updating block on a terminal, plain lines anywhere else. */
export class StageRunner {
  readonly #screen: Screen;
  readonly #stages: RunningStage[] = [];
  #drawnLines = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  get secondsByStage(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#stages.map(({ name, seconds }) => [name, Number(seconds.toFixed(2))]));
  }

  async run<T>(name: string, work: (report: (progress: StageProgress) => void) => Promise<T>): Promise<T> {
    const stage: RunningStage = { name, began: performance.now(), state: 'running', seconds: 0, progress: {} };
    this.#stages.push(stage);
    this.#keepDrawing();
    try {
      const result = await work((progress) => (stage.progress = progress));
      this.#end(stage, 'done');
      return result;
    } catch (error) {
      this.#end(stage, 'failed');
      throw error;
    }
  }

  /** A line for people, above the block. */
  say(line: string): void {
    this.#erase();
    this.#screen.write(`${line}\n`);
    if (this.#timer !== undefined) this.#draw();
  }

  /** Leaves what is drawn as it stands; later stages begin a new block. */
  rest(): void {
    this.#draw();
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#drawnLines = 0;
  }

  #end(stage: RunningStage, state: 'done' | 'failed'): void {
    stage.state = state;
    stage.seconds = (performance.now() - stage.began) / 1000;
    if (this.#screen.isTerminal) this.#draw();
    else this.#screen.write(`${renderStage(this.#view(stage))}\n`);
  }

  #keepDrawing(): void {
    if (this.#timer !== undefined) return;
    const draw = (): void => (this.#screen.isTerminal ? this.#draw() : this.#sayRunning());
    this.#timer = setInterval(draw, this.#screen.isTerminal ? redrawMs : plainEveryMs);
    this.#timer.unref();
  }

  #sayRunning(): void {
    for (const stage of this.#stages)
      if (stage.state === 'running') this.#screen.write(`${renderStage(this.#view(stage))}\n`);
  }

  #view(stage: RunningStage): StageView {
    const { name, state, progress, began } = stage;
    const seconds = state === 'running' ? (performance.now() - began) / 1000 : stage.seconds;
    return { ...progress, name, state, seconds };
  }

  #erase(): void {
    // Up to the block's first line, then everything below it away.
    if (this.#drawnLines > 0) this.#screen.write(`\u001B[${this.#drawnLines}A\u001B[J`);
    this.#drawnLines = 0;
  }

  #draw(): void {
    if (!this.#screen.isTerminal || this.#timer === undefined) return;
    this.#erase();
    const lines = renderBoard(
      this.#stages.map((stage) => this.#view(stage)),
      this.#screen.columns,
    );
    this.#screen.write(`${lines.join('\n')}\n`);
    this.#drawnLines = lines.length;
  }
}
