import type { CatalogRef, ControlRecord } from '../../core/control.ts';
import type { Hold } from '../../core/ports.ts';
import type { Action } from './context.ts';
import { controlAttributes } from './control.ts';
import { namesIn, replaceExpression, replaceValues } from './expressions.ts';
import { controlKey } from './keys.ts';

/** The fence of every write of a holder. */
export const isMine = '#fence = :held_fence AND #run_id = :held_run';

/** Replaces what a holder writes of the control record, on a condition. */
export function controlUpdate(
  tableName: string,
  ref: CatalogRef,
  after: ControlRecord,
  condition: string,
  values: Record<string, string | number>,
) {
  const attributes = controlAttributes(after);
  const change = replaceExpression(attributes);
  return {
    TableName: tableName,
    Key: controlKey(ref),
    UpdateExpression: change,
    ConditionExpression: condition,
    ExpressionAttributeNames: namesIn(change, condition),
    ExpressionAttributeValues: { ...replaceValues(attributes), ...values },
  };
}

/** The same as the first action of a transaction. */
export const controlAction = (...update: Parameters<typeof controlUpdate>): Action => ({
  Update: controlUpdate(...update),
});

/** The values of `isMine`. */
export const holdValues = ({ fence, runId }: Hold) => ({
  ':held_fence': fence,
  ':held_run': runId,
});
