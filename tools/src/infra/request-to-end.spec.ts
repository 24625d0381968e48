import { describe, expect, it } from 'vitest';
import { launchersOf, type ProcessTree } from './request-to-end.ts';

/** Parents by pid; the processes that npm has put its variable into. */
function treeOf(parents: Readonly<Record<number, number>>, underNpm: readonly number[]): ProcessTree {
  return {
    parentOf: (pid) => (parents[pid] === undefined ? undefined : { pid: parents[pid], startedAt: 'then' }),
    readEnvironment: (pid) => (underNpm.includes(pid) ? 'PATH=/bin\0npm_lifecycle_event=infra\0' : 'PATH=/bin\0'),
  };
}

const pids = (tree: ProcessTree): number[] => launchersOf(50, tree).map((each) => each.pid);

describe('launchersOf', () => {
  it('goes up to npm and not to the shell it was typed into', () => {
    expect(pids(treeOf({ 50: 40, 40: 30, 30: 20, 20: 10, 10: 1 }, [50, 40, 30]))).toEqual([40, 30, 20]);
  });

  it('is nobody when npm did not start us', () => {
    expect(pids(treeOf({ 50: 40, 40: 1 }, []))).toEqual([]);
  });

  it('stops at the first process of the system', () => {
    expect(pids(treeOf({ 50: 40, 40: 1 }, [50, 40, 1]))).toEqual([40]);
  });
});
