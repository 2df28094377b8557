const DAY_SECONDS = 86_400;
const MINUTE_SECONDS = 60;

/** What the marks of a time axis are labelled with: as fine as they are apart, and none twice.
 *  @param ticks seconds since 1970, ascending */
export function tickLabels(
  ticks: readonly number[],
  language: string,
  timeZone?: string,
): readonly string[] {
  const [first = 0, second = first] = ticks;
  const clock = new Intl.DateTimeFormat(language, {
    ...formOf(second - first, (ticks.at(-1) ?? first) - first),
    ...(timeZone !== undefined && { timeZone }),
  });
  const labels = ticks.map((at) => clock.format(at * 1000));
  return labels.map((label, at) => (label === labels[at - 1] ? '' : label));
}

function formOf(stepSeconds: number, spanSeconds: number): Intl.DateTimeFormatOptions {
  if (stepSeconds >= DAY_SECONDS) return { dateStyle: 'short' };
  if (stepSeconds < MINUTE_SECONDS) return { timeStyle: 'medium' };
  return spanSeconds < DAY_SECONDS
    ? { timeStyle: 'short' }
    : { day: 'numeric', month: 'numeric', hour: '2-digit', minute: '2-digit' };
}
