/** Where the names of a region's services end, where it is not `amazonaws.com`. */
const SUFFIXES: readonly (readonly [region: RegExp, suffix: string])[] = [
  [/^cn-/, 'amazonaws.com.cn'],
  [/^eusc-/, 'amazonaws.eu'],
];

/** A service's regional endpoint.
 *  @throws Error for a region of AWS's isolated partitions, whose names are not known here */
export function originOf(service: string, region: string): string {
  if (!/^[a-z]{2,4}(?:-[a-z]+)+-\d+$/.test(region) || /-iso[a-z]?-/.test(region)) {
    throw new Error(`AWS_REGION is "${region}": no region that this service can run in.`);
  }
  const suffix = SUFFIXES.find(([pattern]) => pattern.test(region))?.[1] ?? 'amazonaws.com';
  return `https://${service}.${region}.${suffix}`;
}
