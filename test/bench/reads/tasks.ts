import * as z from 'zod';
import { serve } from '../serve.ts';

/** Where a program of this part reads. */
export const place = z.object({ endpoint: z.string(), tableName: z.string() });

export type Place = z.output<typeof place>;

/** What a program is asked to do that often, one after the other. */
const task = z.object({ name: z.string(), times: z.number() });

/** What one time of it took, milliseconds. */
export const took = z.object({ ms: z.number(), cpuMs: z.number() });

export type Took = z.output<typeof took>;

/** Answers by name; each call is one time. */
export type Tasks = Readonly<Record<string, () => Promise<unknown>>>;

/** Serves tasks by messages, timed. */
export function serveTasks(tasks: Tasks): void {
  serve(async (message): Promise<Took> => {
    const { name, times } = task.parse(message);
    const once = tasks[name];
    if (once === undefined) throw new Error(`no task is called "${name}"`);
    const startedMs = performance.now();
    const before = process.cpuUsage();
    for (let time = 0; time < times; time += 1) await once();
    const { user, system } = process.cpuUsage(before);
    return {
      ms: (performance.now() - startedMs) / times,
      cpuMs: (user + system) / 1000 / times,
    };
  });
}
