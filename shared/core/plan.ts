import type { Detailed } from './details.ts';
import type { PageEnd } from './entries.ts';
import { printed, type Json, type JsonObject } from './json.ts';
import { LIMITS } from './limits.ts';
import { listedOf } from './published.ts';
import type { CatalogWrite } from './ports.ts';
import type { RecordId } from './record-id.ts';
import type { Preview } from './resource.ts';
import type { RunPorts } from './run-ports.ts';

/** What one row comes to. */
export type Planned =
  | {
      readonly kind: 'created' | 'updated';
      readonly id: RecordId;
      readonly title: string;
      readonly preview: Preview;
      readonly writes: readonly CatalogWrite[];
      readonly bytes: number;
    }
  | {
      readonly kind: 'unchanged' | 'errors';
      readonly id: string;
      readonly writes: readonly CatalogWrite[];
    }
  | { readonly kind: 'duplicates'; readonly hasMoved: boolean }
  | PageEnd;

/** Validates a row and compares it with the manifest: what has to be written, if anything. */
export function plan(detailed: Detailed, ports: RunPorts): Planned {
  switch (detailed.kind) {
    case 'page_end':
      return detailed;
    case 'duplicate':
      return { kind: 'duplicates', hasMoved: detailed.hasMoved };
    case 'verified':
      return { kind: 'unchanged', id: detailed.id, writes: [] };
    case 'bad':
      return rejected(detailed.id, detailed.reason, detailed.payload, ports);
    case 'wire': {
      const checked = ports.resource.validate(detailed.wire);
      if (!checked.ok) return rejected(detailed.id, checked.reason, detailed.wire, ports);
      if (checked.id !== detailed.id) {
        const reason = `detail: upstream answered with id ${checked.id}`;
        return rejected(detailed.id, reason, detailed.wire, ports);
      }
      const json = JSON.stringify(checked.body);
      const bytes = Buffer.byteLength(json);
      if (bytes > LIMITS.recordBytes) {
        const reason = `record: ${bytes} bytes, over the ${LIMITS.recordBytes} that can be stored`;
        return rejected(detailed.id, reason, detailed.wire, ports);
      }
      const { id, entry } = detailed;
      return compared({ id, entry, body: checked.body, json, bytes }, ports);
    }
  }
}

/** A valid record, and its body as it would be stored. */
interface Valid {
  readonly id: RecordId;
  /** The list entry, where a detail was read over it. */
  readonly entry: JsonObject | undefined;
  readonly body: JsonObject;
  readonly json: string;
  readonly bytes: number;
}

function compared({ id, entry, body, json, bytes }: Valid, ports: RunPorts): Planned {
  const { details, ledger, digest, ref, resource } = ports;
  const known = ledger.manifest.get(id);
  const hash = digest(json);
  if (entry !== undefined) details.note(id, entry, hash);
  const cleared: CatalogWrite[] = ledger.rejects.has(id) ? [{ kind: 'clear_reject', key: id }] : [];
  if (known?.hash === hash) return { kind: 'unchanged', id, writes: cleared };
  const isNew = known === undefined;
  const kind = isNew ? 'created' : 'updated';
  const listed = listedOf(resource, { id, source: ref.source, body });
  const writes = [{ kind: 'upsert', id, isNew, json, hash, listed } as const, ...cleared];
  const [title, preview] = [resource.titleOf(body), resource.previewOf(body)];
  return { kind, id, title, preview, bytes, writes };
}

/** A record in error is logged and recorded; its last good version stays as it is. */
function rejected(id: string, reason: string, payload: Json, ports: RunPorts): Planned {
  const { log, resource } = ports;
  log.warn('record_rejected', { resource: resource.name, id, reason });
  const write = {
    kind: 'reject',
    key: id,
    reason: cut(reason, LIMITS.rejectReasonCharacters),
    payload: cut(printed(payload), LIMITS.rejectPayloadCharacters),
  } as const;
  return { kind: 'errors', id, writes: [write] };
}

/** A cut may leave half an emoji, which the store would refuse, and with it the whole chunk. */
const cut = (text: string, characters: number): string => text.slice(0, characters).toWellFormed();
