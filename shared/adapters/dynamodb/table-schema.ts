/** The one table's key and TTL attribute: the same in the cloud, in the local run and in tests. */
export const PARTITION_KEY = 'pk';
export const SORT_KEY = 'sk';
/** Seconds since 1970, as DynamoDB's TTL wants it. */
export const TTL_ATTRIBUTE = 'expires_at';
