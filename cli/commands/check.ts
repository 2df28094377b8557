import { UpstreamError } from '../../shared/core/errors.ts';
import { isJsonObject } from '../../shared/core/json.ts';
import type { CatalogSource } from '../../shared/core/ports.ts';
import type { Resource } from '../../shared/core/resource.ts';
import { recordId } from '../../shared/core/record-id.ts';
import { resources } from '../../shared/resources/index.ts';
import type { LocalSupplier, LocalSuppliers } from '../../local/supplier.ts';
import type { OutputFlags } from '../arguments.ts';
import { checkMessage } from '../check-messages.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { openSupplierReading, type SupplierReading } from '../target.ts';
import { print, printJson, type Terminal } from '../terminal.ts';

interface Finding {
  readonly resource: string;
  readonly ok: boolean;
  readonly message: string;
}

type Parts = Pick<SupplierReading, 'clock' | 'log'>;

/** Tries each source's key and a page of each list, with the first record's detail; says what is wrong. */
export async function check(flags: OutputFlags, terminal: Terminal): Promise<ExitCode> {
  const reading = openSupplierReading(terminal, flags);
  try {
    return await checkEach(await reading.suppliers(), reading, flags, terminal);
  } finally {
    await reading.close();
  }
}

async function checkEach(
  suppliers: LocalSuppliers,
  parts: Parts,
  { json }: OutputFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const checked = await Promise.all(
    [...suppliers].map(async ([source, supplier]) => {
      const findings = await findingsOf(source, supplier, parts);
      return { source, supplier, findings };
    }),
  );
  const isSeveral = checked.length > 1;
  const answers = checked.map(({ source, supplier: { url }, findings }) => {
    return [source, { supplier: url, findings }] as const;
  });
  if (json) printJson(terminal, isSeveral ? Object.fromEntries(answers) : answers[0]?.[1]);
  else {
    for (const { source, supplier, findings } of checked) {
      const name = isSeveral ? `${source}: ` : '';
      print(terminal, `${name}${supplier.url}${supplier.isDemo ? ' (the demo supplier)' : ''}`);
      for (const { resource, ok, message } of findings) {
        print(terminal, `  ${ok ? 'ok    ' : 'wrong '} ${resource}: ${message}`);
      }
    }
  }
  const all = checked.flatMap(({ findings }) => findings);
  return all.every(({ ok }) => ok) ? EXIT.done : EXIT.failed;
}

async function findingsOf(
  name: string,
  supplier: LocalSupplier,
  parts: Parts,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const resource of resources) {
    findings.push(await checkResource(resource, supplier.source(parts, 1), name));
  }
  return findings;
}

/** A new copy may begin with it, so it is no fault; a shop that has records should look twice. */
const EMPTY =
  'the list is empty: where records are stored, a sync would remove nothing and wait for a person';

async function checkResource(
  resource: Resource,
  source: CatalogSource,
  name: string,
): Promise<Finding> {
  const { signal } = new AbortController();
  try {
    const { entries, count } = await source.page(resource, null, signal);
    if (entries.length === 0 && !count)
      return { resource: resource.name, ok: true, message: EMPTY };
    const first = entries.find(isJsonObject);
    const id = recordId(first?.['id']);
    const listed = `${entries.length} of ${count ?? 'an unknown number of'} records on the first page`;
    if (first === undefined || id === null) {
      return { resource: resource.name, ok: true, message: `${listed}; none to try in detail` };
    }
    const needsDetail = resource.needsDetail(first);
    const detail = needsDetail ? await source.detail(resource, id, signal) : {};
    const checked = resource.validate({ ...first, ...(isJsonObject(detail) ? detail : {}) });
    const verdict = checked.ok
      ? `record ${id} is valid`
      : `record ${id} is not valid: ${checked.reason}`;
    return { resource: resource.name, ok: checked.ok, message: `${listed}; ${verdict}` };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    const message = `${checkMessage(error.failure, name)} (${error.message})`;
    return { resource: resource.name, ok: false, message };
  }
}
