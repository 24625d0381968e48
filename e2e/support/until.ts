import kafkajs from 'kafkajs';

/** Waits for a condition, not for a time: polls until `look` answers something, and says what was awaited when it never does. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined | null | false>,
  withinMs = 90_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) return seen;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What Kafka answers, however long its coordinator still loads or its broker still restarts. */
export const answered = <T extends object>(what: string, ask: () => Promise<T>): Promise<T> =>
  until(what, async () => {
    try {
      return await ask();
    } catch (error) {
      if (error instanceof kafkajs.KafkaJSError) return null;
      throw error;
    }
  });
