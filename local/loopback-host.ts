const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Whether a request's `Host` is this machine's own name with our port. A page of the web that points
 * its own name at 127.0.0.1 is refused, so that it can read nothing here.
 */
export function isLoopbackHost(host: string | undefined, port: number): boolean {
  return LOCAL_NAMES.some((name) => host?.toLowerCase() === `${name}:${port}`);
}
