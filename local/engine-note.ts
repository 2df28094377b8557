import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as z from 'zod';
import type { Log } from '../shared/core/ports.ts';

/** What stands beside a database about the engine that has it open. */
const engineNote = z.object({
  /** Null while it is being started. */
  enginePid: z.number().int().positive().nullable(),
  /** The program that ends it. */
  ownerPid: z.number().int().positive(),
  port: z.number().int().positive(),
  /** Whether that is `npm start`, with the demo supplier that others may read, too. */
  isService: z.boolean().default(false),
  /** Whether another program started it, and handed it over at its own end. */
  isHandedOver: z.boolean().default(false),
  /** Whether others may join it: not before it answers, nor once its owner is about to end it. */
  isOpen: z.boolean().default(true),
});
export type EngineNote = z.output<typeof engineNote>;

const END_WITHIN_MS = 3_000;
const POLL_MS = 50;

/** Takes the database for this program, before an engine is started on it.
 *  @returns false where another program was first */
export function claimEngine(databasePath: string, note: EngineNote): boolean {
  const own = `${noteOf(databasePath)}.${process.pid}`;
  writeFileSync(own, JSON.stringify(note));
  try {
    linkSync(own, noteOf(databasePath));
    return true;
  } catch {
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

export function noteEngine(databasePath: string, note: EngineNote): void {
  // Whole or not at all: others read it at any moment.
  const own = `${noteOf(databasePath)}.${process.pid}`;
  writeFileSync(own, JSON.stringify(note));
  renameSync(own, noteOf(databasePath));
}

export function forgetEngine(databasePath: string): void {
  rmSync(noteOf(databasePath), { force: true });
}

/** This program uses another's engine from now on. @returns what ends that */
export function joinEngine(databasePath: string): () => void {
  const own = `${noteOf(databasePath)}${JOINED}${process.pid}`;
  writeFileSync(own, '');
  return () => rmSync(own, { force: true });
}

/** A program that uses this engine beside its owner, or null. */
export function joinedBy(databasePath: string): number | null {
  const start = `${basename(noteOf(databasePath))}${JOINED}`;
  const names = readdirSync(dirname(databasePath)).filter((name) => name.startsWith(start));
  for (const name of names) {
    const pid = Number(name.slice(start.length));
    if (pid !== process.pid && isAlive(pid)) return pid;
    if (pid !== process.pid) rmSync(join(dirname(databasePath), name), { force: true });
  }
  return null;
}

/** The note as it is now: an engine that was joined may have been handed over to this program. */
export function noteNow(databasePath: string): EngineNote | null {
  try {
    return engineNote.parse(JSON.parse(readFileSync(noteOf(databasePath), 'utf8')));
  } catch {
    // None, or one that a crash cut short.
    return null;
  }
}

/** Whether an `npm start` is in progress on this database. */
export function isServed(databasePath: string): boolean {
  const note = noteNow(databasePath);
  return note !== null && note.isService && isOwned(note, databasePath);
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
  const note = noteNow(databasePath);
  if (note !== null && isOwned(note, databasePath)) return note;
  const { enginePid = null } = note ?? {};
  if (enginePid !== null && argumentsOf(enginePid)?.includes(engineFile(databasePath)) === true) {
    log?.warn('stale_engine_ended', { pid: enginePid });
    await endProgram(enginePid);
  }
  forgetEngine(databasePath);
  return null;
}

/** Whether the program that ends the engine lives: numbers are used again, and an orphan's parent is not
 *  the one that started it. */
function isOwned(note: EngineNote, databasePath: string): boolean {
  const { enginePid, ownerPid, isHandedOver } = note;
  if (!isAlive(ownerPid)) return false;
  if (enginePid === null) return true;
  const found = argumentsOf(enginePid);
  // Where nothing tells what runs, what is noted is believed: two engines would be worse than none.
  if (found === null) return isAlive(enginePid);
  const isIts = found.includes(engineFile(databasePath));
  return isIts && (isHandedOver || parentOf(enginePid) === ownerPid);
}

/** As the engine's own arguments name it: a copied folder has another. */
const engineFile = (databasePath: string): string => ` ${resolve(databasePath)}`;

/** The command line of a program; '' when there is no such program, null when nothing here tells. */
function argumentsOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return isAlive(pid) ? ps(pid, 'args=') : '';
  }
}

function parentOf(pid: number): number | null {
  try {
    // After the name, which may hold anything, in brackets.
    const [, parent] =
      readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    return Number(parent);
  } catch {
    const told = ps(pid, 'ppid=');
    return told === null ? null : Number.parseInt(told, 10);
  }
}

/** Null where there is no `ps`, as in small container images. */
function ps(pid: number, what: string): string | null {
  try {
    return execFileSync('ps', ['-ww', '-p', `${pid}`, '-o', what], { encoding: 'utf8' });
  } catch {
    return null;
  }
}

/** Ends a program that is no child of this one. */
export async function endProgram(pid: number): Promise<void> {
  signal(pid, 'SIGTERM');
  for (let waitedMs = 0; waitedMs < END_WITHIN_MS; waitedMs += POLL_MS) {
    if (!isAlive(pid)) return;
    await delay(POLL_MS);
  }
  signal(pid, 'SIGKILL');
  await delay(POLL_MS);
}

const isAlive = (pid: number): boolean => signal(pid, 0);

/** False when there is no such program. */
function signal(pid: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, name);
  } catch {
    return false;
  }
}

const JOINED = '.joined-';
const noteOf = (databasePath: string): string => `${databasePath}.engine.json`;
