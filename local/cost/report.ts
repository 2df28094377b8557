import type { Measured, Usage } from './measured.ts';
import { monthlyCost, runSeconds, type Month } from './model.ts';
import { PRICES } from './prices.ts';

/** The counted requests, then the month's cost by service, as lines of text. */
export function reportOf(measured: Measured, month: Month): readonly string[] {
  const lines = monthlyCost(measured, month);
  const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
  return [
    `Counted here, with ${measured.products} products${ofSources(measured)}:`,
    `                            store requests  read units  write units  supplier requests`,
    counted('first sync', measured.first),
    counted('usual sync', measured.usual),
    counted('tick with nothing to do', measured.tick),
    counted('list, version new', measured.coldRead),
    counted('list, version known', measured.warmRead),
    '',
    `A month, a sync each ${month.intervalMinutes} minutes (about ${runSeconds(measured, month).toFixed(0)} s of waiting for the supplier each):`,
    ...lines.map(({ service, what, dollars }) =>
      [`  ${service.padEnd(16)}`, what.padEnd(34), money(dollars)].join(' '),
    ),
    `  ${'Total'.padEnd(16)} ${''.padEnd(34)} ${money(total)}`,
    '',
    `List prices of US East (N. Virginia) as of ${PRICES.asOf}, no free tier; check them before you count on them.`,
  ];
}

function counted(name: string, usage: Usage): string {
  const figures = [usage.requests, usage.readUnits, usage.writeUnits, usage.supplierRequests];
  const [requests = '', ...others] = figures.map((value) => String(Math.round(value * 10) / 10));
  const [reads = '', writes = '', supplier = ''] = others;
  return `  ${name.padEnd(26)}${requests.padStart(14)}${reads.padStart(12)}${writes.padStart(13)}${supplier.padStart(19)}`;
}

const money = (dollars: number): string => `$${dollars.toFixed(2)}`.padStart(9);

const ofSources = ({ sources }: Measured): string =>
  sources === 1 ? '' : ` in ${sources} sources, all together`;
