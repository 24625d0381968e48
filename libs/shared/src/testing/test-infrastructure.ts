import 'vitest';

/** What the global setup of project int (tools/src/testing) hands to every spec file. */
declare module 'vitest' {
  export interface ProvidedContext {
    /** host:port of the run's broker. */
    kafkaBrokers: string;
    /** A superuser's address of the maintenance database; each test file makes its own database. */
    databaseUrl: string;
    /** Of every login in test-logins.ts, and what `${env:ASSAY_CDC_PASSWORD}` is to Kafka Connect. */
    loginPassword: string;
    blobConnectionString: string;
    /** Answers only after ensureConnect(). */
    connectUrl: string;
    /** Where ensureConnect() asks the run's first process to start Kafka Connect. */
    connectStarter: string;
  }
}
