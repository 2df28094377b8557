import { STATUS_PAGE_PATH } from '../../shared/deployment.ts';

const HOME = `${STATUS_PAGE_PATH}/`;

/** A path of our own pages as it was given; anything else, also another site's address, is the status page. */
export function ownPath(given: string | undefined): string {
  return given !== undefined && /^\/(?:api\/)?inventory\/(?!login)[\w/-]*(\?[\w=&-]*)?$/.test(given)
    ? given
    : HOME;
}
