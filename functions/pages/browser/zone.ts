/** Tells the server the reader's time zone, so that it writes times as their own clock shows them. */
export function tellZone(): void {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  document.cookie = `zone=${timeZone}; Path=/inventory; SameSite=Strict; Secure; Max-Age=31536000`;
}

/** True when the page was written for another zone than the reader's. */
export function isOfAnotherZone(): boolean {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  return document.body.dataset['zone'] !== '' && document.body.dataset['zone'] !== timeZone;
}
