import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { messageOf, PipelineError } from '../errors/pipeline-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Parses the environment once, before anything starts. Every problem is reported together, with the variable, the rule and
 * its description; the value never is, because it may be a secret. `<NAME>_FILE` names a file that holds the value, which is
 * how containers are given secrets.
 */
export function readConfig<T extends z.ZodObject>(schema: T, environment: Environment): z.output<T> {
  const given: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = readValue(environment, name);
    // An empty variable is how compose files and shells say "not set".
    if (value !== undefined && value !== '') given[name] = value;
  }
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => {
    const name = String(issue.path[0] ?? '');
    const description = (schema.shape[name] as z.ZodType | undefined)?.description;
    const missing = issue.code === 'invalid_type' && given[name] === undefined;
    return `  ${name}: ${missing ? 'is required' : issue.message}${description ? ` (${description})` : ''}`;
  });
  const count = problems.length === 1 ? 'one setting is' : `${problems.length} settings are`;
  throw new PipelineError('CONFIG_INVALID', `${count} not usable:\n${problems.join('\n')}`);
}

/** The value of a variable, or what the file holds that `<NAME>_FILE` names. */
export const readValue = (environment: Environment, name: string): string | undefined =>
  environment[name] || readValueFile(environment[`${name}_FILE`], name);

function readValueFile(path: string | undefined, name: string): string | undefined {
  if (path === undefined || path === '') return undefined;
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new PipelineError('CONFIG_INVALID', `${name}_FILE cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** Marks a field as secret: the reference says so and shows no default. */
export const secret = <T extends z.ZodType>(field: T): T => field.meta({ ...field.meta(), secret: true }) as T;
