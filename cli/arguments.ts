import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { SCOPES } from '../shared/core/access.ts';
import { resources } from '../shared/resources/index.ts';
import type { TargetName } from './target.ts';

/** Flags of every command. */
export interface OutputFlags {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly source?: string;
}

/** Flags of the commands that are about a copy. */
export interface CommonFlags extends OutputFlags {
  readonly target: TargetName;
}

/** Stands for every resource. */
export const ALL = 'all';
export const RESOURCE_NAMES = [...resources.map(({ name }) => name), ALL];

export const resourcesOf = (name: string) =>
  resources.filter((resource) => name === ALL || resource.name === name);

export const resourceArgument = () =>
  new Argument('[resource]', 'one resource, or all').choices(RESOURCE_NAMES).default(ALL);

/** For the commands that are about the suppliers' catalogues. */
export const sourceOption = () =>
  new Option('--source <name>', 'one source of several (B2B_SOURCES); default: all of them');

export const limitOption = () =>
  new Option('--limit <count>', 'how many of each resource, at most')
    .default(20)
    .argParser(wholeNumber);

export const nameOption = () =>
  new Option('--name <name>', 'what it is for, as the list shows it')
    .default('a program')
    .argParser(shortText);

/** A token expires: nobody remembers the one that does not. */
export const daysOption = () =>
  new Option('--days <count>', 'how many days it lets in').default(90).argParser(wholeNumber);

export const scopeOption = () =>
  new Option('--scope <scopes...>', 'what it may do').choices(SCOPES).makeOptionMandatory();

export function withCommonFlags(command: Command): Command {
  return withOutputFlags(
    command.addOption(
      new Option('--target <copy>', 'the local copy, or a deployment')
        .choices(['local', 'aws'])
        .default('local'),
    ),
  );
}

export function withOutputFlags(command: Command): Command {
  return command
    .option('--json', 'answer with JSON', false)
    .option('--verbose', 'log every event, as JSON lines on standard error', false);
}

function shortText(text: string): string {
  if (text.trim() !== '' && text.length <= 200) return text;
  throw new InvalidArgumentError('It must have 1 to 200 characters.');
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,3}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 9999.');
}
