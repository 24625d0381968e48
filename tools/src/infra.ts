import { startInfrastructure } from './infra/infrastructure.ts';
const i = await startInfrastructure({ dataDir: process.argv[2] ?? '.assay', log: (l) => console.log(l) });
console.log(
  i.endpoints,
  i.parts.map((p) => [p.name, p.secondsToStart]),
);
const t = performance.now();
await i.stop();
console.log('stopped', performance.now() - t);
