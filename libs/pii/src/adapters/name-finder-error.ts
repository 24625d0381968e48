/** What finds names was slow, away, or did not answer as agreed. Carries no text. */
export class NameFinderError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'NameFinderError';
  }
}
