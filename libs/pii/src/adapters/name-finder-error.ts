interface Details extends ErrorOptions {
  readonly isRefusal?: boolean;
}

/** What finds names was slow, away, or did not answer as agreed. Carries no text. */
export class NameFinderError extends Error {
  /** It was there and failed on what it was asked, which may be the text's fault: another text may tell. */
  readonly isRefusal: boolean;

  constructor(message: string, { isRefusal = false, ...options }: Details = {}) {
    super(message, options);
    this.name = 'NameFinderError';
    this.isRefusal = isRefusal;
  }
}
