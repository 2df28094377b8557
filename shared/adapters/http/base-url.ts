import { UpstreamError } from '../../core/errors.ts';

/** The configured root of the supplier's API: no request ever leaves its origin and path. */
export interface BaseUrl {
  /** The URL of a path relative to the base, for example `b2c/products/`.
   *  @throws UpstreamError `invalid` when the path leads elsewhere */
  resolve(path: string): URL;
  /** `url` as a path relative to the base; null when it lies outside, or names a user. */
  relative(url: URL): string | null;
}

/** @param text with or without the trailing slash */
export function createBaseUrl(text: string): BaseUrl {
  const base = new URL(text);
  base.pathname = base.pathname.replace(/\/*$/, '/');
  const { origin, pathname } = base;

  const relative = (url: URL): string | null => {
    const inside = url.origin === origin && url.pathname.startsWith(pathname);
    if (!inside || url.username !== '' || url.password !== '') return null;
    return url.pathname.slice(pathname.length) + url.search;
  };
  const resolve = (path: string): URL => {
    // As text, not `new URL(path, base)`: a path that starts with `//` or `https:` stays a path.
    const url = new URL(`${origin}${pathname}${path}`);
    if (relative(url) === null) {
      throw new UpstreamError('invalid', 'a path leads outside the base URL: no request was sent');
    }
    return url;
  };
  return { resolve, relative };
}
