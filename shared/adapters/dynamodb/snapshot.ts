import { paginateQuery } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { CatalogRef } from '../../core/control.ts';
import { VersionGoneError } from '../../core/errors.ts';
import type { Published } from '../../core/published.ts';
import type { Snapshot } from '../../core/resource.ts';
import { callStore } from './errors.ts';
import { namesIn } from './expressions.ts';
import { partitionOf, publishedRange } from './keys.ts';
import { plainAttributes, type Table } from './plain.ts';
import type { KeptTexts } from './kept-texts.ts';
import { packedPage, unpackPage } from './page-codec.ts';
import { overlaid } from '../published-merge.ts';
import { jsonText } from '../stored-json.ts';

const pageRow = packedPage.extend({
  removed: jsonText(z.array(z.string())).optional(),
  expires_at: z.number().optional(),
});

/** Reads a published version; of one over the same base as `known` only what came since.
 *  @throws VersionGoneError; StoreUnavailableError */
export async function readPublished(
  table: Table,
  ref: CatalogRef,
  { base, pages, version }: Published,
  {
    known,
    texts,
    nowMs,
  }: {
    readonly known: Snapshot | null;
    readonly texts: KeptTexts;
    readonly nowMs: () => number;
  },
): Promise<Snapshot> {
  const range = publishedRange(base, known?.version ?? null, version);
  const rows = await queryPages(table, partitionOf('published', ref), range);
  // DynamoDB deletes expired rows one by one, in any order: what is left of them is no version.
  const isExpired = rows.some(({ expires_at: atS = Infinity }) => atS * 1000 <= nowMs());
  const isGone = known === null && version > 0 && rows.length === 0;
  if (isExpired || isGone) throw new VersionGoneError('a published version has expired');
  const unpacked = rows.map(({ removed = null, ...page }) => ({
    rows: unpackPage(page, ref.source, texts),
    removed,
  }));
  const ofBase = unpacked.filter(({ removed }) => removed === null);
  if (known === null && ofBase.length < pages) {
    throw new VersionGoneError(`a published version has ${ofBase.length} of its ${pages} pages`);
  }
  // More were written by a run that then began the base anew.
  const start = known?.records ?? ofBase.slice(0, pages).flatMap((page) => page.rows);
  const changes = unpacked.map((page) => ({ rows: page.rows, removed: page.removed ?? [] }));
  return { version, records: overlaid(start, changes.slice(ofBase.length)) };
}

const IN_RANGE = '#pk = :pk AND #sk BETWEEN :first AND :last';

function queryPages(
  { client, tableName }: Table,
  partition: string,
  { first, last }: { readonly first: string; readonly last: string },
) {
  const found = paginateQuery(
    { client },
    {
      TableName: tableName,
      // Or pages that the pointer already names could be missing.
      ConsistentRead: true,
      KeyConditionExpression: IN_RANGE,
      ExpressionAttributeNames: namesIn(IN_RANGE),
      ExpressionAttributeValues: {
        ':pk': { S: partition },
        ':first': { S: first },
        ':last': { S: last },
      },
    },
  );
  return callStore(async () => {
    const rows: z.output<typeof pageRow>[] = [];
    for await (const { Items = [] } of found) {
      for (const row of Items) rows.push(pageRow.parse(plainAttributes(row)));
    }
    return rows;
  });
}
