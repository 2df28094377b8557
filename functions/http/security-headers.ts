/** What pages may load: our own files, and images of the hosts that the deployment names. */
const policyFor = (imageHosts: readonly string[]): string =>
  [
    "default-src 'none'",
    `img-src ${["'self'", ...imageHosts].join(' ')}`,
    "style-src 'self'",
    "script-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** The headers that every answer carries, the same on every route and error, pages and JSON alike. */
export const securityHeaders = (
  imageHosts: readonly string[],
): Readonly<Record<string, string>> => ({
  'content-security-policy': policyFor(imageHosts),
  'strict-transport-security': 'max-age=31536000',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
});
