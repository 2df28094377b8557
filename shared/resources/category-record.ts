import type * as z from 'zod';
import type { JsonObject } from '../core/json.ts';
import type { RecordId } from '../core/record-id.ts';
import { image } from './images.ts';
import { utcText } from './instants.ts';
import { privatePart, withoutNulls, type PrivateFields } from './private-fields.ts';
import { slugOf } from './slug.ts';
import { from, required, wireOf } from './wire-shape.ts';
import { flag, freeForm, quantity, referenced, text } from './wire-values.ts';

/** What upstream sends of a category, under all the names that suppliers use. */
export const categoryWire = wireOf({
  name: required(['name', 'title'], text),
  slug: from(['slug'], text),
  description: from(['description', 'description_text'], text),
  parent: from(['parent_id', 'parent'], referenced),
  image: from(['image_url', 'image'], image),
  is_rayon: from(['is_rayon'], flag),
  rayon_type: from(['rayon_type'], text),
  level: from(['level'], quantity),
  order: from(['order'], quantity),
  is_active: from(['is_active'], flag),
  created_at: from(['created_at'], text),
  updated_at: from(['updated_at'], text),
  is_global: from(['is_global'], flag),
  site_configuration: from(['site_configuration'], freeForm),
  parent_name: from(['parent_name'], text),
  parent_rayon_type: from(['parent_rayon_type'], text),
  can_edit: from(['can_edit'], flag),
  can_delete: from(['can_delete'], flag),
});

type CategoryWire = z.output<typeof categoryWire>;

/** A category as it is stored, in this order of fields. */
export type CategoryBody = {
  readonly name: string;
  readonly slug: string;
  readonly description: string | null;
  /** As upstream says, whether it exists or not. */
  readonly parent: RecordId | null;
  readonly image_url: string | null;
  readonly is_rayon: boolean;
  readonly rayon_type: string | null;
  readonly level: number | null;
  readonly order: number | null;
  readonly is_active: boolean;
  readonly created_at: string | null;
  readonly updated_at: string | null;
  /** What only the single category shows; absent fields are left out. */
  readonly extra: JsonObject;
  readonly private?: PrivateFields;
};

/** The stored form of what upstream sends. */
export function categoryRecord(wire: CategoryWire, id: RecordId): CategoryBody {
  return {
    name: wire.name,
    slug: wire.slug ?? slugOf(wire.name, id),
    description: wire.description,
    parent: wire.parent?.id ?? null,
    image_url: wire.image,
    is_rayon: wire.is_rayon ?? false,
    rayon_type: wire.rayon_type,
    level: wire.level,
    order: wire.order,
    is_active: wire.is_active ?? true,
    created_at: utcText(wire.created_at),
    updated_at: utcText(wire.updated_at),
    extra: withoutNulls({
      is_global: wire.is_global,
      site_configuration: wire.site_configuration,
      parent_name: wire.parent_name,
      parent_rayon_type: wire.parent_rayon_type,
      can_edit: wire.can_edit,
      can_delete: wire.can_delete,
    }),
    ...privatePart({}, wire.unknown),
  };
}

/** Names of which one must be in a list entry for it to be complete; `null` counts as an answer. */
const LISTED_WHEN_COMPLETE = [
  ['name', 'title'],
  ['slug'],
  ['description', 'description_text'],
  ['parent_id', 'parent'],
  ['image_url', 'image'],
  ['is_rayon'],
  ['rayon_type'],
  ['level'],
  ['order'],
  ['created_at'],
  ['updated_at'],
];

/** Whether the list entry lacks a field of the record, so that its detail has to be read. */
export function lacksField(entry: JsonObject): boolean {
  return LISTED_WHEN_COMPLETE.some((names) => names.every((name) => entry[name] === undefined));
}
