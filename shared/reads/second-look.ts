import { VersionGoneError } from '../core/errors.ts';
import type { KnownSync, ReadPorts } from './catalog.ts';

/**
 * Answers a read. Where the version that it was to show is gone it is done once more, from control records
 * that are read anew: an instance that slept for a day knows of a version that is no longer kept.
 * @throws VersionGoneError when it is gone all the same; what `read` throws
 */
export async function withSecondLook<Made>(
  sync: KnownSync,
  ports: ReadPorts,
  read: (sync: KnownSync, ports: ReadPorts, look: 'first' | 'second') => Promise<Made>,
): Promise<Made> {
  try {
    return await read(sync, ports, 'first');
  } catch (error) {
    if (!(error instanceof VersionGoneError)) throw error;
    return read({ ...sync, controls: new Map() }, lookingAnew(ports), 'second');
  }
}

function lookingAnew(ports: ReadPorts): ReadPorts {
  const { reader } = ports;
  return {
    ...ports,
    reader: { ...reader, control: (ref) => reader.control(ref, { fresh: true }) },
  };
}
