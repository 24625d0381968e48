/** Says that there may be something to do. Whoever rings knows nothing of who listens. */
export class Bell {
  readonly #listeners: (() => void)[] = [];

  ring(): void {
    for (const listener of this.#listeners) listener();
  }

  onRing(listener: () => void): void {
    this.#listeners.push(listener);
  }
}
