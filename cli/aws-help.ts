const HELP: Readonly<Record<string, string>> = {
  CredentialsProviderError:
    'No AWS credentials were found: set AWS_PROFILE, or sign in; `aws sts get-caller-identity` tells who you are',
  ExpiredTokenException: 'The AWS credentials have expired: sign in again',
  UnrecognizedClientException: 'AWS does not know these credentials: check AWS_PROFILE',
  AccessDeniedException: 'These AWS credentials may not do this: check AWS_PROFILE',
  ResourceNotFoundException:
    'Nothing of that name is in this account and region: check TABLE_NAME, WORKER_FUNCTION_NAME and AWS_REGION',
};

/** What to do about what AWS says of the caller's own settings; null of any other error. */
export function awsHelp(error: unknown): string | null {
  for (let one = error; one instanceof Error; one = one.cause) {
    if (one.message === 'Region is missing')
      return 'No AWS region is set: set AWS_REGION to the deployment’s, for example AWS_REGION=eu-west-3.';
    const help = HELP[one.name];
    if (help !== undefined) return `${help} (${one.message}).`;
  }
  return null;
}
