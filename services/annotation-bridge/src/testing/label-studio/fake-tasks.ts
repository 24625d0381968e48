import { sample } from '../samples.ts';

export type Json = Record<string, unknown>;

export interface FakeTask {
  readonly id: number;
  readonly data: Json;
  readonly annotations: Json[];
  readonly drafts: Json[];
  updatedAt: string;
}

const [sampleTask] = (sample('label-studio', 'tasks-filter-data-doc-id-in-list').response.body as { tasks: Json[] })
  .tasks as [Json];
const sampleAnnotation = sample('label-studio', 'annotation-create').response.body as Json;

interface Item {
  readonly filter: string;
  readonly operator: string;
  readonly value: unknown;
}

/** The tasks of one project, with its own ideas of ids and times: ids of deleted tasks are given again, as on SQLite. */
export class FakeTasks {
  readonly tasks: FakeTask[] = [];
  #annotations = 0;
  #ticks = 0;

  add(data: Json): FakeTask {
    const id = Math.max(0, ...this.tasks.map((task) => task.id)) + 1;
    const task: FakeTask = { id, data, annotations: [], drafts: [], updatedAt: this.#now() };
    this.tasks.push(task);
    return task;
  }

  find(id: number): FakeTask | undefined {
    return this.tasks.find((task) => task.id === id);
  }

  remove(ids: readonly number[]): number {
    const before = this.tasks.length;
    this.tasks.splice(0, before, ...this.tasks.filter(({ id }) => !ids.includes(id)));
    return before - this.tasks.length;
  }

  ofAnnotation(id: number): FakeTask | undefined {
    return this.tasks.find(({ annotations }) => annotations.some((annotation) => annotation['id'] === id));
  }

  annotate(task: FakeTask, said: Json): Json {
    const now = this.#now();
    const times = { created_at: now, updated_at: now };
    const annotation = { ...sampleAnnotation, ...said, id: ++this.#annotations, task: task.id, ...times };
    task.annotations.push(annotation);
    task.updatedAt = this.#now();
    return annotation;
  }

  change(task: FakeTask, annotationId: number, said: Json): Json {
    const annotation = task.annotations.find(({ id }) => id === annotationId)!;
    Object.assign(annotation, said, { updated_at: this.#now() });
    task.updatedAt = this.#now();
    return annotation;
  }

  removeAnnotation(task: FakeTask, annotationId: number): void {
    task.annotations.splice(
      task.annotations.findIndex(({ id }) => id === annotationId),
      1,
    );
    task.updatedAt = this.#now();
  }

  /** A page as the Data Manager shows it, or null beyond the last. */
  page(parameters: URLSearchParams): { tasks: Json[]; total: number } | null {
    const query = JSON.parse(parameters.get('query') ?? '{}') as { filters?: { items: Item[] }; ordering?: string[] };
    const found = this.tasks.filter((task) => (query.filters?.items ?? []).every((item) => matches(task, item)));
    if (query.ordering?.[0] === 'tasks:updated_at') found.sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
    const size = Number(parameters.get('page_size') ?? 30);
    const start = (Number(parameters.get('page') ?? 1) - 1) * size;
    if (start > 0 && start >= found.length) return null;
    const included = parameters.get('include')?.split(',');
    const isAll = parameters.get('fields') === 'all';
    return { tasks: found.slice(start, start + size).map((task) => shown(task, included, isAll)), total: found.length };
  }

  /** Microseconds, and never the same twice. */
  #now(): string {
    const micros = String(++this.#ticks % 1000).padStart(3, '0');
    return `${new Date().toISOString().slice(0, -1)}${micros}Z`;
  }
}

function matches(task: FakeTask, { filter, operator, value }: Item): boolean {
  const column = filter.replace('filter:tasks:', '');
  const own =
    column === 'id' ? task.id : column === 'updated_at' ? task.updatedAt : task.data[column.replace('data.', '')];
  if (operator === 'in_list') return (value as unknown[]).includes(own);
  if (operator === 'greater_or_equal') return String(own) >= String(value);
  return own === value; // an operator it does not know is equality there as well
}

/** `include` thins out annotations as it does tasks; without `fields=all` there are none. */
function shown(task: FakeTask, included: readonly string[] | undefined, isAll: boolean): Json {
  const only = (json: Json): Json =>
    Object.fromEntries(Object.entries(json).filter(([name]) => included?.includes(name) ?? true));
  const { annotations, drafts, ...rest } = {
    ...sampleTask,
    id: task.id,
    data: task.data,
    updated_at: task.updatedAt,
    total_annotations: task.annotations.filter((one) => one['was_cancelled'] !== true).length,
    cancelled_annotations: task.annotations.filter((one) => one['was_cancelled'] === true).length,
    annotations: task.annotations.map(only),
    drafts: task.drafts.map(only),
  };
  return only(isAll ? { ...rest, annotations, drafts } : { ...rest, drafts });
}
