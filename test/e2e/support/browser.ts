import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect } from 'vitest';

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** What a test's visitor uses. */
export interface Visitor {
  readonly locale?: 'fr-FR' | 'en-GB';
  readonly width?: number;
  readonly dark?: boolean;
  readonly javaScriptEnabled?: boolean;
}

/** Debian's Chromium for the tests of one file. */
export function useBrowser() {
  let browser: Browser | undefined;
  beforeAll(async () => {
    const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  });
  afterAll(() => browser?.close());
  return async ({
    locale = 'fr-FR',
    width = 1200,
    dark = false,
    javaScriptEnabled = true,
  }: Visitor = {}) => {
    if (browser === undefined) throw new Error('no browser');
    const context = await browser.newContext({
      locale,
      javaScriptEnabled,
      timezoneId: 'Europe/Paris',
      viewport: { width, height: 900 },
      colorScheme: dark ? 'dark' : 'light',
    });
    return context.newPage();
  };
}

/** How a page is looked at. */
export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

/** Phone and desktop, in light and in dark. */
export const LOOKS: readonly Look[] = [
  { width: 360, scheme: 'dark' },
  { width: 1200, scheme: 'light' },
];
export const OTHER_LOOKS: readonly Look[] = [
  { width: 360, scheme: 'light' },
  { width: 1200, scheme: 'dark' },
];

/** Holds a page against what every page must be, in each look, and keeps pictures of it in `.e2e/`. */
export async function assertGoodPage(
  page: Page,
  name: string,
  looks: readonly Look[] = LOOKS,
): Promise<void> {
  mkdirSync('.e2e', { recursive: true });
  for (const { width, scheme } of looks) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await assertGoodLook(page, `${name}-${width}-${scheme}`);
  }
}

async function assertGoodLook(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `.e2e/${name}.png`, fullPage: true });
  // Evaluated by the debugger, so that the page's own policy stays as it is.
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(axe.source);
  const found: unknown = await page.evaluate(
    "axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ').slice(0, 400)}`))",
  );
  expect(found, name).toEqual([]);
  const overflow: unknown = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(overflow, `${name} scrolls sideways`).toBe(0);
}
