import { advanceClosing } from './closing.ts';
import type { ActiveControl, ControlRecord } from './control.ts';
import { endForNow } from './endings.ts';
import { advanceListing } from './listing.ts';
import type { RunPorts } from './run-ports.ts';

/** Moves a run forward by one bounded step: a stretch of the list, or its end. The control record that
 *  it answers holds no lease once the run has ended or is paused. @public another host may drive it */
export function advance(control: ActiveControl, ports: RunPorts): Promise<ControlRecord> {
  return control.run.phase === 'closing'
    ? advanceClosing(control, ports)
    : advanceListing(control, ports);
}

/** Drives a run until it has ended, is paused, or its host wants out. Resuming is calling it again
 *  with the stored state, under a new lease. */
export async function drive(control: ActiveControl, ports: RunPorts): Promise<ControlRecord> {
  let current: ControlRecord = control;
  while (isActive(current)) {
    current = ports.shouldStop() ? await endForNow(current, ports) : await advance(current, ports);
  }
  return current;
}

function isActive(control: ControlRecord): control is ActiveControl {
  return control.run !== null && control.leaseHolder !== null;
}
