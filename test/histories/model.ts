import * as z from 'zod';
import { defineResource, hours, type Resource } from '../../shared/core/resource.ts';

/** A version of one record at the supplier. Numbers grow over all records, so newer is greater. */
export interface Version {
  readonly id: string;
  readonly version: number;
}

export const RESOURCE_NAMES = ['things', 'labels'] as const;
export type ResourceName = (typeof RESOURCE_NAMES)[number];

export const INTERVAL_MS = hours(2);
/** docs/reliability.md, 2: an unforced run may start this long after the start of the last good one. */
export const DUE_AFTER_MS = INTERVAL_MS - 5 * 60_000;
export const BASE_URL = 'https://supplier.example/api/v1';
/** Appears in the supplier's own error texts; it must appear nowhere else. */
export const CANARY_KEY = 'sk-canary-3b9f71c2e8';

const wire = z.object({ name: z.string(), version: z.number() });

/** About the smallest resources there are: `things` always ask for details, `labels` never. */
export const RESOURCES: Readonly<Record<ResourceName, Resource>> = {
  things: tiny('things', true),
  labels: tiny('labels', false),
};

function tiny(name: ResourceName, needsDetail: boolean): Resource {
  return defineResource({
    name,
    listPath: `b2c/${name}/`,
    detailPath: (id) => `b2c/${name}/${id}/`,
    wire,
    toRecord: ({ name: title, version }) => ({ name: title, version }),
    needsDetail: () => needsDetail,
    interval: INTERVAL_MS,
  });
}

/** What the store must hold of a version, byte for byte. */
export const bodyOf = ({ id, version }: Version): string =>
  `{"name":"record ${id}","version":${version}}`;

/** The version that a stored body is of, or null when it is of none. */
export function versionOf(id: string, json: string): number | null {
  const version = Number(/"version":(\d+)}$/.exec(json)?.[1] ?? Number.NaN);
  return json === bodyOf({ id, version }) ? version : null;
}
