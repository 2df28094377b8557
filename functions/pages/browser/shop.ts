// The page is whole without this: it shows times by the reader's own clock instead of UTC.
const { lang } = document.documentElement;
const clock = new Intl.DateTimeFormat(lang, { dateStyle: 'long', timeStyle: 'short' });
for (const time of document.querySelectorAll('time')) {
  time.textContent = clock.format(new Date(time.dateTime));
}
