import { drawCharts } from './charts.ts';
import { keepFresh } from './refresh.ts';
import { tellZone } from './zone.ts';

// The page is whole without this: it adds the reader's own clock, news without reloading, and pictures.
tellZone();
keepFresh();
drawCharts(document);
// Their colours are those of the page.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => drawCharts(document));
