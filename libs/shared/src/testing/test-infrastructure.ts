import 'vitest';

// What the int and e2e projects' global setup hands to every spec file (tools/src/testing/provided.ts says the same; this
// package does not depend on tools).
declare module 'vitest' {
  export interface ProvidedContext {
    kafkaBrokers: string;
    databaseUrl: string;
    blobConnectionString: string;
    connectUrl: string;
    connectStarter: string;
  }
}
