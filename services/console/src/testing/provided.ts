import 'vitest';

// What the run's infrastructure provides; tools/src/testing/provided.ts declares the same.
declare module 'vitest' {
  export interface ProvidedContext {
    kafkaBrokers: string;
    databaseUrl: string;
    blobConnectionString: string;
    connectUrl: string;
    connectStarter: string;
  }
}
