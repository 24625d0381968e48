import { Bell } from '@assay/shared/pipeline/bell';

/** What is told beyond this is found when the container is looked through. */
export const TOLD_MAX = 10_000;

/** Label files that somebody said are there, until the intake looks for them. They are kept in memory only: the look at the container finds what a crash forgets. */
export class ToldFiles {
  readonly bell = new Bell();
  #paths = new Set<string>();

  tell(paths: readonly string[]): void {
    for (const path of paths) if (this.#paths.size < TOLD_MAX) this.#paths.add(path);
    if (paths.length > 0) this.bell.ring();
  }

  take(): readonly string[] {
    const paths = [...this.#paths];
    this.#paths = new Set();
    return paths;
  }
}
