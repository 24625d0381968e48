import { defineConfig } from 'vitest/config';
import { exposeStatements } from './tools/src/query-plans/expose-statements.ts';

// Packages resolve to their TypeScript source, so tests need no build.
const source = { resolve: { conditions: ['assay-source'] }, ssr: { resolve: { conditions: ['assay-source'] } } };
const places = (kind: string) =>
  ['libs', 'apps', 'services', 'tools', 'e2e', 'bench'].map((top) => `${top}/**/*${kind}.spec.ts`);

// Minutes of kills and lost slots under load: run by `npm test -- long`, not by every `npm test`.
const long = [
  'e2e/blob-s3.e2e.spec.ts',
  'e2e/kafka-access.e2e.spec.ts',
  'e2e/*-kill.e2e.spec.ts',
  'e2e/whole-way-slot.e2e.spec.ts',
  'e2e/raise-partitions.e2e.spec.ts',
  'e2e/whole-way-restore.e2e.spec.ts',
];

// Part of the unit tests with few inputs, and of the long ones with many.
const mutated = ['libs', 'services'].map((top) => `${top}/**/mutated-*.spec.ts`);

// The kinds run one after the other: they share two cores.
export default defineConfig({
  test: {
    projects: [
      {
        ...source,
        test: {
          name: 'unit',
          sequence: { groupOrder: 0 },
          // What needs no IO leaves nothing behind either, so files share a worker's modules: 103 s instead of 286 s, beside other work.
          isolate: false,
          // Of two cores vitest would use one.
          maxWorkers: '100%',
          setupFiles: ['tools/src/testing/property-seed.setup.ts'],
          include: places(''),
          exclude: ['**/node_modules/**', '**/dist/**', '**/*.int.spec.ts', '**/*.e2e.spec.ts'],
          // Property tests take their time on a busy machine; no test asserts how long.
          testTimeout: 60_000,
        },
      },
      {
        ...source,
        plugins: [exposeStatements],
        test: {
          name: 'int',
          sequence: { groupOrder: 1 },
          setupFiles: ['tools/src/testing/property-seed.setup.ts'],
          include: places('.int'),
          exclude: ['**/node_modules/**', '**/dist/**'],
          globalSetup: ['tools/src/testing/infrastructure.setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          teardownTimeout: 60_000,
          maxWorkers: 2,
        },
      },
      {
        ...source,
        test: {
          name: 'e2e',
          sequence: { groupOrder: 2 },
          include: places('.e2e'),
          exclude: ['**/node_modules/**', '**/dist/**', ...long],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          teardownTimeout: 60_000,
          fileParallelism: false,
        },
      },
      {
        ...source,
        test: {
          name: 'long',
          sequence: { groupOrder: 3 },
          include: [...long, ...mutated],
          env: { ASSAY_MUTATIONS: '100000' },
          exclude: ['**/node_modules/**', '**/dist/**'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          teardownTimeout: 60_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
