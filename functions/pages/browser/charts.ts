import UPlot from 'uplot';
import { tickLabels } from './tick-labels.ts';

const COLOURS = ['--busy', '--good', '--warn', '--bad', '--ink'] as const;
const HEIGHT_PX = 180;

/** Draws the picture of each table that asks for one; the table stays, for whoever wants figures. */
export function drawCharts(within: ParentNode): void {
  for (const place of within.querySelectorAll<HTMLElement>('[data-chart]')) {
    const table = document.getElementById(place.dataset['chart'] ?? '');
    if (table instanceof HTMLTableElement) draw(place, table);
  }
}

/** Nothing is negative here, and a flat line at nothing is drawn at the bottom. */
const fromZero = (_chart: UPlot, _least: number, most: number): [number, number] => [
  0,
  Math.max(1, most * 1.1),
];

function draw(place: HTMLElement, table: HTMLTableElement): void {
  const rows = [...table.querySelectorAll<HTMLElement>('tbody tr')].toReversed();
  if (rows.length < 2) return;
  place.hidden = false;
  const values = rows.map((row) => (row.dataset['values'] ?? '').split(' ').map(Number));
  const columns = (values[0] ?? []).map((_, column) => values.map((row) => row[column] ?? 0));
  const times = rows.map((row) => Number(row.dataset['at']));
  // How many of the values are times, which have a scale of their own; the others are counts.
  const ownScale = Number(place.dataset['times']);
  const titles = [...table.querySelectorAll('th')].map((cell) => cell.textContent ?? '');
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const language = document.documentElement.lang === 'en' ? 'en-GB' : 'fr';
  const axis = { stroke: colour('--minor'), grid: { stroke: colour('--line'), width: 1 } };
  const width = place.clientWidth;
  place.replaceChildren();
  const chart = new UPlot(
    {
      width,
      height: HEIGHT_PX,
      legend: { show: true, live: false },
      cursor: { show: false },
      scales: { counts: { range: fromZero }, times: { range: fromZero } },
      axes: [
        {
          ...axis,
          space: 120,
          values: (_chart, ticks) => [...tickLabels(ticks, language)],
        },
        { ...axis, scale: 'counts' },
        { ...axis, scale: 'times', side: 1, grid: { show: false } },
      ],
      series: [
        {},
        ...columns.map((_, column) => ({
          label: titles[column + 2] ?? '',
          scale: column < ownScale ? 'times' : 'counts',
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
