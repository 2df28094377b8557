import UPlot from 'uplot';

/** Columns of a row's values that are drawn: seconds on their own scale, the others as counts. */
const SECONDS = 0;
const COLOURS = ['--busy', '--good', '--warn', '--bad', '--ink'] as const;
const HEIGHT_PX = 180;

/** Draws the picture of each table that asks for one; the table stays, for whoever wants figures. */
export function drawCharts(within: ParentNode): void {
  for (const place of within.querySelectorAll<HTMLElement>('[data-chart]')) {
    const table = document.getElementById(place.dataset['chart'] ?? '');
    if (table instanceof HTMLTableElement) draw(place, table);
  }
}

function draw(place: HTMLElement, table: HTMLTableElement): void {
  const rows = [...table.querySelectorAll<HTMLElement>('tbody tr')].toReversed();
  if (rows.length < 2) return;
  place.hidden = false;
  const values = rows.map((row) => (row.dataset['values'] ?? '').split(' ').map(Number));
  const columns = (values[0] ?? []).map((_, column) => values.map((row) => row[column] ?? 0));
  const times = rows.map((row) => Number(row.dataset['at']));
  const titles = [...table.querySelectorAll('th')].map((cell) => cell.textContent ?? '');
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const language = document.documentElement.lang === 'en' ? 'en-GB' : 'fr';
  const clock = new Intl.DateTimeFormat(language, { dateStyle: 'short', timeStyle: 'short' });
  const axis = { stroke: colour('--minor'), grid: { stroke: colour('--line'), width: 1 } };
  const width = place.clientWidth;
  place.replaceChildren();
  const chart = new UPlot(
    {
      width,
      height: HEIGHT_PX,
      legend: { show: true, live: false },
      cursor: { show: false },
      scales: { counts: {}, seconds: {} },
      axes: [
        {
          ...axis,
          space: 120,
          values: (_chart, ticks) => ticks.map((at) => clock.format(at * 1000)),
        },
        { ...axis, scale: 'counts' },
        { ...axis, scale: 'seconds', side: 1, grid: { show: false } },
      ],
      series: [
        {},
        ...columns.map((_, column) => ({
          label: titles[column + 2] ?? '',
          scale: column === SECONDS ? 'seconds' : 'counts',
          stroke: colour(COLOURS[column] ?? '--ink'),
          width: 2,
          points: { show: true, size: 5 },
        })),
      ],
    },
    [times, ...columns],
    place,
  );
  new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: HEIGHT_PX })).observe(
    place,
  );
}
