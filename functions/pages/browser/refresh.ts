import { drawCharts } from './charts.ts';
import { isOfAnotherZone } from './zone.ts';

const USUAL_MS = 10_000;

/** What the server last wrote of each part; the part itself may have pictures drawn into it. */
const written = new Map<string, string>();

/**
 * Looks for news as often as the page says, and shows what changed. The server writes all of it, so
 * that a page looks the same whether it was reloaded or not.
 */
export function keepFresh(): void {
  const asked = Number(document.body.dataset['refreshMs']);
  for (const part of document.querySelectorAll('[data-live]')) written.set(part.id, part.outerHTML);
  if (!asked) return;
  const again = (afterMs: number) => setTimeout(() => void look(), afterMs);
  const look = async (): Promise<void> => {
    if (!document.hidden) await refresh().catch(() => {});
    again(Number(document.body.dataset['refreshMs']) || USUAL_MS);
  };
  again(isOfAnotherZone() ? 0 : asked);
}

async function refresh(): Promise<void> {
  const answer = await fetch(location.href, {
    headers: { accept: 'text/html' },
    redirect: 'manual',
  });
  // Sent on to sign in: the session is over, and what stands here would only grow old.
  if (answer.type === 'opaqueredirect') location.reload();
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  document.body.dataset['refreshMs'] = fresh.body.dataset['refreshMs'] ?? '';
  for (const part of document.querySelectorAll('[data-live]')) replace(part, fresh);
}

/** Whoever has the keyboard on a part keeps it as it is. */
function replace(part: Element, fresh: Document): void {
  const news = fresh.getElementById(part.id);
  if (news === null || part.contains(document.activeElement)) return;
  if (written.get(part.id) === news.outerHTML) return;
  written.set(part.id, news.outerHTML);
  const adopted = document.importNode(news, true);
  part.replaceWith(adopted);
  drawCharts(adopted);
}
