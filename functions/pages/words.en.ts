import type { Words } from './words.ts';

/** Everything the pages say in English. */
export const ENGLISH: Words = {
  shop: 'The shop',
  categories: 'Departments',
  newest: 'New products',
  was: 'instead of',
  perKg: 'per kg',
  noPrice: 'Price on request',
  promotion: 'On offer',
  available: 'Available',
  updated: 'Catalogue of {at}',
  updatedLate: 'Catalogue of {at}. An update is overdue; prices and availability may have changed.',
  filling: 'The catalogue is on its way: reload the page in a moment.',
  empty: 'No product is available for the moment.',
  down: 'The shop is not available for the moment. Try again in a few seconds.',
  skip: 'Skip to the content',

  status: 'Catalogue status',
  syncOf_products: 'Sync the products',
  syncOf_categories: 'Sync the categories',
  syncOf_other: 'Sync: {name}',
  name_products: 'Products',
  name_categories: 'Categories',
  signOut: 'Sign out',
  signedInAs: 'Signed in: {name}',
  sources: 'Suppliers',
  pages: 'Pages',

  state_never_synced: 'Never synced',
  state_fresh: 'Fresh',
  state_due: 'Due',
  state_overdue: 'Late',
  state_running: 'Sync in progress',
  state_paused: 'Paused',
  state_failing: 'Failing',
  state_held: 'Needs a decision',
  state_no_credential: 'Key refused',

  say_never_synced:
    'Nothing is stored yet. The first sync starts by itself; you can also start it now.',
  say_fresh: 'All is well. Next sync from {next}.',
  say_fresh_except: 'Synced, except for some records. Next sync from {next}.',
  say_due: 'A sync is due since {next}. It starts by itself; nothing to do.',
  say_overdue:
    'No sync was tried since {attempt}: the schedule seems to have stopped. {kept} Check that the EventBridge rules are enabled, then start a sync.',
  say_running: 'A sync is in progress. {kept}',
  say_paused: 'The sync stopped half-way and goes on by itself within minutes. {kept}',
  say_held:
    '{count} records are missing from the supplier’s list since {since}: nothing was removed. Ask the supplier whether that is meant, then approve or discard the deletions below.',
  kept: 'The data of {last} is still served.',
  keptNone: 'Nothing is stored yet.',

  fault_key_refused:
    'The supplier refuses the key since {since}. {kept} Check the key with the supplier and put it into Secrets Manager: the next attempt, within a minute, takes it without a deployment.',
  fault_no_credential:
    'No key for the supplier is configured, or it can’t be read, since {since}. {kept} Put the key into Secrets Manager: the next attempt takes it without a deployment.',
  fault_throttled:
    'The supplier asks us to slow down since {since}. {kept} The sync goes on by itself; nothing to do.',
  fault_not_found:
    'The supplier’s list does not exist at the configured address, since {since}. {kept} Check the supplier’s base address (supplierUrl).',
  fault_untrusted:
    'The supplier’s TLS certificate is not valid since {since}, so nothing is sent to it. {kept} Tell the supplier; the sync goes on by itself once it is.',
  fault_unavailable:
    'The supplier does not answer, or answers with errors, since {since}. {kept} New attempts start by themselves; if it lasts, tell the supplier.',
  fault_invalid:
    'The supplier answers something that is no list (a maintenance page, say) since {since}. {kept} New attempts start by themselves; if it lasts, tell the supplier.',
  fault_retry_budget:
    'The supplier fails so often since {since} that insisting would only add load. {kept} The sync goes on by itself; if it lasts, tell the supplier.',
  fault_pages_lost:
    'The supplier’s list could not be read whole since {since}. What arrived is stored, nothing is removed. A new attempt starts by itself.',
  fault_held:
    'Too many records are missing from the supplier’s list since {since}: nothing was removed. Ask the supplier whether that is meant.',
  fault_mostly_rejected:
    'Most records can’t be read or are not valid since {since}. {kept} Look at the records in error and tell the supplier.',
  fault_worker_failed:
    'The sync stopped on an unexpected error since {since}. {kept} A new attempt starts by itself; if it lasts, look at the logs of scheduled-sync.',
  rejectsSay:
    '{count} record(s) of the supplier are not valid: their last good version is still served. Have the supplier correct them (reasons below), then retry.',

  lastSuccess: 'Last success',
  nextSync: 'Next',
  stored: 'Stored',
  inError: 'In error',
  never: 'never',
  atOnce: 'at once',
  progress: 'Progress of the sync: {name}',
  progressOf: '{done} of {expected} · {rate} a second · {left} left',
  progressUnknown: '{done} read · {rate} a second',
  unknownLeft: 'a while',

  details: 'Details: {name}',
  runs: 'Last syncs',
  noRuns: 'No finished sync.',
  runStart: 'Start',
  runTrigger: 'Started by',
  runOutcome: 'Outcome',
  runDuration: 'Duration (s)',
  runCreated: 'Created',
  runUpdated: 'Updated',
  runRemoved: 'Removed',
  runErrors: 'Errors',
  runNote: 'Note',
  outcome_completed: 'Completed',
  outcome_incomplete: 'Incomplete',
  outcome_held: 'Needs a decision',
  outcome_failed: 'Failed',
  trigger_schedule: 'the schedule',
  trigger_read: 'a visit',
  trigger_admin: 'a person',
  trigger_cli: 'the command line',
  trigger_invoke: 'an AWS call',
  chart: 'Duration and changes of the last syncs: {name}',

  supplier: 'Supplier health',
  requests: 'Requests',
  perSecond: 'Requests a second',
  repeated: 'Requests repeated (errors)',
  failedRuns: 'Syncs that did not succeed',
  overRuns: 'Over the last {count} syncs.',

  recent: 'Last stored',
  noRecent: 'Nothing yet.',
  change_created: 'new',
  change_updated: 'changed',

  rejects: 'Records in error',
  rejectKey: 'Record',
  rejectReason: 'Reason',
  rejectFirst: 'First seen',
  rejectAttempts: 'Attempts',
  retry: 'Retry these records',

  held: 'Deletions to decide on',
  heldWhy: 'Why: {reason}',
  heldWhat: '{count} records would go, among them:',
  approve: 'Approve: remove them',
  discard: 'Discard: keep them all',

  cost: 'What it costs',
  costSay: 'The last full sync took {duration} and {requests} requests to the supplier.',
  costUnknown: 'No full sync yet: what it costs is not known.',
  syncNow: 'Sync if it is due',
  force: 'Force now',
  forceSay: 'Forcing passes the interval: at most 6 times an hour each, once a minute in all.',
  forceNot: 'You may not force (sync:force).',
  result: 'Result',
  resultStarting: 'The sync is starting.',
  resultRunning: 'The sync is in progress.',
  resultEnded:
    '{outcome}: {total} read, {created} created, {updated} updated, {unchanged} unchanged, {removed} removed, {errors} in error, in {duration}.',
  answer_fresh: 'The catalogue is fresh: nothing was started.',
  answer_running: 'A sync is already in progress.',
  answer_cooling: 'The last sync failed; the next starts at {next}, or now if forced.',
  answer_held: 'Deletions wait for a decision; the next sync starts at {next}.',
  answer_no_credential:
    'The supplier refuses the key: one attempt a minute, no more. Check the key first.',
  answer_limited_minute: 'Somebody has forced within the last minute. Try again at {next}.',
  answer_limited_hour: 'You have forced 6 times within an hour. Try again at {next}.',
  answer_retry: 'The records in error are read again; the result shows in a moment.',
  answer_approve: 'Deletions approved; they are carried out in a moment.',
  answer_discard: 'Deletions discarded; everything is kept.',
  answer_failed:
    'The sync could not be started. Try again in a moment; if it lasts, look at the logs.',

  notice_signed_out: 'You are signed out.',
  notice_no_issuer:
    'No sign-in is configured. Set OIDC_ISSUER and OIDC_CLIENT_ID when deploying, or use an access token.',
  notice_issuer_down: 'The sign-in service does not answer. Try again in a moment.',
  notice_login_over: 'This sign-in has expired, or began in another browser. Begin again.',
  notice_login_refused:
    'The sign-in was refused. Begin again; if it lasts, tell who runs the accounts.',
  notice_local_link: 'A sign-in link was just written to the terminal of “npm start”. Open it.',
  notice_local_over:
    'This link was used already, or is too old. A new one is in the terminal of “npm start”.',
  notice_not_allowed:
    'You are signed in, but your account may not do this. Ask who runs the accounts.',
  notice_not_found: 'Nothing is at this address.',
  notice_foreign_form:
    'This form is too old, or of another site: nothing was done. Reload the page.',
  notice_bad_request: 'The request is not valid: nothing was done. Reload the page.',
  notice_down: 'The catalogue can’t be read for the moment. Try again in a few seconds.',
  signIn: 'Sign in',
  back: 'Back to the catalogue’s status',
  signOutThere: 'Sign out of the sign-in service, too',
};
