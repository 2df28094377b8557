import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { Log } from '../shared/core/ports.ts';

/** What stands beside a database about the engine that has it open. */
const engineNote = z.object({
  enginePid: z.number().int().positive(),
  /** The program that started it. */
  ownerPid: z.number().int().positive(),
  port: z.number().int().positive(),
});
export type EngineNote = z.output<typeof engineNote>;

const END_WITHIN_MS = 3_000;
const POLL_MS = 50;

export function noteEngine(databasePath: string, note: EngineNote): void {
  mkdirSync(dirname(databasePath), { recursive: true });
  writeFileSync(noteOf(databasePath), JSON.stringify(note));
}

export function forgetEngine(databasePath: string): void {
  rmSync(noteOf(databasePath), { force: true });
}

/**
 * Looks for an engine on this database: one whose owner lives is returned; one that a killed owner left
 * behind is ended, since two engines on one file would harm it.
 */
export async function clearStaleEngine(
  databasePath: string,
  log: Log | undefined,
): Promise<EngineNote | null> {
  mkdirSync(dirname(databasePath), { recursive: true });
  const note = readNote(databasePath);
  if (note === null) return null;
  const parentPid = parentOfEngine(note.enginePid, databasePath);
  if (parentPid === note.ownerPid) return note;
  if (parentPid !== null) {
    log?.warn('stale_engine_ended', { pid: note.enginePid });
    await endProgram(note.enginePid);
  }
  forgetEngine(databasePath);
  return null;
}

function readNote(databasePath: string): EngineNote | null {
  try {
    return engineNote.parse(JSON.parse(readFileSync(noteOf(databasePath), 'utf8')));
  } catch {
    // None, or one that a crash cut short.
    return null;
  }
}

/** The parent of that engine, or null when the number is no engine of this database any more: numbers
 *  are used again. An orphan's parent is not the one that started it. */
function parentOfEngine(pid: number, databasePath: string): number | null {
  try {
    const found = execFileSync('ps', ['-ww', '-p', `${pid}`, '-o', 'ppid=,args='], {
      encoding: 'utf8',
    });
    return found.includes(basename(databasePath)) ? Number.parseInt(found, 10) : null;
  } catch {
    return null;
  }
}

async function endProgram(pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < END_WITHIN_MS; waitedMs += POLL_MS) {
    if (!signal(pid, 0)) return;
    await delay(POLL_MS);
  }
  signal(pid, 'SIGKILL');
  await delay(POLL_MS);
}

/** False when there is no such program. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

const noteOf = (databasePath: string): string => `${databasePath}.engine.json`;
