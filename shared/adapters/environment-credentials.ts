/**
 * Stands in for the SDK's chain of credential providers in a function's bundle (`infra/bundling.ts`):
 * Lambda puts its role's keys into the environment, and the chain is a third of the client's bytes.
 * @public for the bundler's alias
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
