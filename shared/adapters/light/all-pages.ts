/** Queries page after page, each from where the one before it ended, as the SDK's paginators do. */
export async function* allPages<Input extends object, Key, Page extends Ended<Key>>(
  input: Input,
  query: (input: Input & { readonly ExclusiveStartKey?: Key }) => Promise<Page>,
): AsyncGenerator<Page> {
  let start: { readonly ExclusiveStartKey?: Key } = {};
  for (;;) {
    const page = await query({ ...input, ...start });
    yield page;
    if (page.LastEvaluatedKey === undefined) return;
    start = { ExclusiveStartKey: page.LastEvaluatedKey };
  }
}

interface Ended<Key> {
  /** Undefined behind the last page. */
  readonly LastEvaluatedKey?: Key | undefined;
}
