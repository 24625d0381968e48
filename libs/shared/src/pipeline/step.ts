import type { DeadLettered, Outcome, Skipped } from './outcome.ts';

/** One verb on one message. The function's own name is its name in metrics, logs and dead letters. */
export type Step<I, O> = (input: I) => Outcome<O>;

/** A message that did not reach the end of the steps, and where it left. */
export interface Exit {
  readonly step: string;
  readonly outcome: Skipped | DeadLettered;
}

export type Result<T> = { readonly value: T } | { readonly exit: Exit };

/** Steps in order. Only `steps` makes one, so the types of neighbours have been checked. */
export interface Chain<I, O> {
  readonly names: readonly string[];
  readonly run: (input: I) => Result<O>;
}

export function steps<A, B>(a: Step<A, B>): Chain<A, B>;
export function steps<A, B, C>(a: Step<A, B>, b: Step<B, C>): Chain<A, C>;
export function steps<A, B, C, D>(a: Step<A, B>, b: Step<B, C>, c: Step<C, D>): Chain<A, D>;
export function steps<A, B, C, D, E>(a: Step<A, B>, b: Step<B, C>, c: Step<C, D>, d: Step<D, E>): Chain<A, E>;
export function steps<A, B, C, D, E, F>(
  a: Step<A, B>,
  b: Step<B, C>,
  c: Step<C, D>,
  d: Step<D, E>,
  e: Step<E, F>,
): Chain<A, F>;
export function steps(...list: Step<never, unknown>[]): Chain<never, unknown> {
  const named = list.map((step) => ({ name: step.name, step: step as Step<unknown, unknown> }));
  const nameless = named.findIndex(({ name }) => name === '');
  if (nameless !== -1) throw new TypeError(`step ${nameless} has no name; write it as a named function`);
  return {
    names: named.map(({ name }) => name),
    run(input: unknown) {
      let value = input;
      for (const { name, step } of named) {
        const outcome = step(value);
        if (outcome.kind !== 'accepted') return { exit: { step: name, outcome } };
        value = outcome.value;
      }
      return { value };
    },
  };
}
