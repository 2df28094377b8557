import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import {
  NodejsFunction,
  OutputFormat,
  type BundlingOptions,
  type NodejsFunctionProps,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type * as z from 'zod';
import type { FunctionDeclaration } from '../../shared/deployment.ts';
import { bundleOf, MEMORY_MB } from '../bundling.ts';
import { acknowledge } from '../rule-packs.ts';
import { keptLogs } from './kept-logs.ts';

const projectRoot = join(import.meta.dirname, '../..');

/** The variables that a contract asks for: a required one that is forgotten does not compile. */
type Variables<Contract extends z.ZodType> = {
  readonly [Name in keyof z.input<Contract>]: string;
};

export interface CatalogFunctionProps<Contract extends z.ZodType> {
  readonly declaration: Pick<FunctionDeclaration, 'name' | 'folder'> & {
    readonly role?: FunctionDeclaration['role'];
  };
  /** How long its log is kept. @default one month */
  readonly logRetentionDays?: RetentionDays;
  /** Whether X-Ray traces its invocations. @default false */
  readonly tracing?: boolean;
  /** Grants what the function needs and names it: each grant returns the variables that go with it. */
  readonly environment: (fn: NodejsFunction) => Variables<Contract>;
  /** What differs from a reader: time, memory, asynchronous starts. @default nothing */
  readonly settings?: Omit<NodejsFunctionProps, 'environment' | 'role'>;
}

/**
 * One Lambda function of `functions/<folder>/index.ts`, with its own role (no managed policy: it may
 * write to its own log and do what it is granted) and its own log.
 */
export class CatalogFunction<Contract extends z.ZodType> extends Construct {
  readonly fn: NodejsFunction;

  constructor(scope: Construct, id: string, props: CatalogFunctionProps<Contract>) {
    super(scope, id);
    const { declaration, logRetentionDays, tracing = false, environment, settings } = props;
    const logGroup = keptLogs(this, 'Logs', logRetentionDays);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    logGroup.grantWrite(role);
    this.fn = new NodejsFunction(this, 'Function', {
      ...COMMON,
      bundling: bundlingOf(declaration.role),
      functionName: `${Stack.of(this).stackName}-${declaration.name}`,
      entry: join(projectRoot, 'functions', declaration.folder, 'index.ts'),
      role,
      logGroup,
      ...(tracing && { tracing: Tracing.ACTIVE }),
      ...settings,
    });
    acknowledge(this, 'Serverless::Serverless-LambdaDLQ');
    if (tracing) acknowledge(this, 'AwsSolutions::AwsSolutions-IAM5[Resource::*]');
    else acknowledge(this, 'Serverless::Serverless-LambdaTracing');
    for (const [name, value] of Object.entries<string>(environment(this.fn))) {
      this.fn.addEnvironment(name, value);
    }
  }
}

/** How the functions of a role are bundled. */
export function bundlingOf(role?: FunctionDeclaration['role']): BundlingOptions {
  const { target, mainFields, minify, supported, alias } = bundleOf(role);
  return {
    format: OutputFormat.CJS,
    target,
    mainFields,
    minify,
    bundleAwsSDK: true,
    esbuildArgs: {
      '--supported:dynamic-import': String(supported['dynamic-import']),
      ...aliases(alias),
    },
  };
}

/** Replacements by the project's own files, from wherever the build runs. */
function aliases(files: Readonly<Record<string, string>>): Record<string, string> {
  const pairs = Object.entries(files);
  return Object.fromEntries(
    pairs.map(([name, file]) => [`--alias:${name}`, join(projectRoot, file)]),
  );
}

const COMMON: NodejsFunctionProps = {
  projectRoot,
  depsLockFilePath: join(projectRoot, 'package-lock.json'),
  handler: 'handler',
  runtime: Runtime.NODEJS_24_X,
  architecture: Architecture.ARM_64,
  memorySize: MEMORY_MB,
  // Just under the 30 s after which an HTTP API gives up.
  timeout: Duration.seconds(29),
  loggingFormat: LoggingFormat.JSON,
  applicationLogLevelV2: ApplicationLogLevel.INFO,
  systemLogLevelV2: SystemLogLevel.WARN,
  // A variable for the SDK of Node 16 and before.
  awsSdkConnectionReuse: false,
};
