/** Room left when cutting by estimate, so that the first cut usually fits. */
const CUT_MARGIN = 0.9;

/**
 * The most records that travel in one answer. `attempt` makes the answer with at most so many; it is
 * made again with fewer, in proportion, until it fits `limitBytes` or holds one record.
 */
export async function fitting<Made extends { readonly bytes: number }>(
  most: number,
  limitBytes: number,
  attempt: (most: number) => Promise<Made>,
): Promise<Made> {
  const made = await attempt(most);
  if (made.bytes <= limitBytes || most <= 1) return made;
  const fewer = Math.floor((most * limitBytes * CUT_MARGIN) / made.bytes);
  return fitting(Math.max(1, Math.min(fewer, most - 1)), limitBytes, attempt);
}
