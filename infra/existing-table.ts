/** The settings that are about a table that exists already, and about what reads its stream. */
interface TableSettings {
  readonly tableName?: string | undefined;
  readonly tableStreamArn?: string | undefined;
  readonly changeEvents: boolean;
}

/** What one of them says against another, or lacks; null when they agree. */
export function tableFault(settings: TableSettings): string | null {
  const { tableName, tableStreamArn, changeEvents } = settings;
  if (tableStreamArn === undefined) {
    const isStreamless = tableName !== undefined && changeEvents;
    return isStreamless ? 'changeEvents with tableName needs tableStreamArn' : null;
  }
  if (tableName === undefined) return 'tableStreamArn needs tableName';
  const isOfIt = tableStreamArn.includes(`:table/${tableName}/stream/`);
  return isOfIt ? null : `tableStreamArn is of another table than ${tableName}`;
}
