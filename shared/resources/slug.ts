const MAX_TITLE_PART = 60;

/** A slug for a record that upstream gave none: made of its title and id alone, so that it is the same
 *  after every sync, and two records of one title have two. */
export function slugOf(title: string, id: string): string {
  return [plain(title).slice(0, MAX_TITLE_PART), plain(id) || 'x'].filter(Boolean).join('-');
}

/** Lower case ASCII letters and digits with single dashes between them; accents go. */
function plain(text: string): string {
  return text
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
