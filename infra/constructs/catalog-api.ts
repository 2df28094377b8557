import { Duration, Stack } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
  type AddRoutesOptions,
} from 'aws-cdk-lib/aws-apigatewayv2';
import {
  HttpIamAuthorizer,
  HttpLambdaAuthorizer,
  HttpLambdaResponseType,
} from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  gatewayPaths,
  isIdentified,
  type FunctionDeclaration,
  type RouteDeclaration,
} from '../../shared/deployment.ts';
import { keptLogs } from './kept-logs.ts';

/** Requests a second in the long run, and at once: it bounds what a flood can cost. */
const THROTTLE = { rateLimit: 200, burstLimit: 500 };

export interface CatalogApiProps {
  readonly publicReads: boolean;
  readonly closedReads: 'token' | 'iam';
  readonly logRetentionDays: RetentionDays;
}

/** The HTTP API: exactly the routes that `shared/deployment.ts` declares. */
export class CatalogApi extends Construct {
  readonly url: string;
  private readonly api: HttpApi;
  private readonly reads: Pick<CatalogApiProps, 'publicReads' | 'closedReads'>;
  private authorizer: HttpLambdaAuthorizer | undefined;

  constructor(scope: Construct, id: string, { logRetentionDays, ...reads }: CatalogApiProps) {
    super(scope, id);
    this.reads = reads;
    const { stackName } = Stack.of(this);
    this.api = new HttpApi(this, 'Http', { apiName: stackName, createDefaultStage: false });
    // This prefix keeps the account's policy for log delivery from growing with each new log.
    const logs = keptLogs(this, 'Logs', logRetentionDays, `/aws/vendedlogs/${stackName}-api`);
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: ACCESS_LOG },
    });
    this.url = stage.url;
  }

  /**
   * Puts the function that finds out who asks in front of the routes served from now on. What it said is
   * not kept: a session's cookie and a program's header are two proofs, and it reads either.
   */
  identifyBy(fn: IFunction): void {
    this.authorizer = new HttpLambdaAuthorizer('Identity', fn, {
      responseTypes: [HttpLambdaResponseType.SIMPLE],
      identitySource: [],
      resultsCacheTtl: Duration.seconds(0),
    });
  }

  /** Serves a function's routes. */
  serve({ name, routes }: FunctionDeclaration, fn: IFunction): void {
    const integration = new HttpLambdaIntegration(name, fn);
    for (const route of routes) {
      for (const path of gatewayPaths(route.path)) {
        this.api.addRoutes({
          path,
          methods: [HttpMethod[route.method]],
          integration,
          ...this.guardOf(route),
        });
      }
    }
  }

  private guardOf(route: RouteDeclaration): Pick<AddRoutesOptions, 'authorizer'> {
    const { publicReads, closedReads } = this.reads;
    if (!isIdentified(route, { publicReads })) return {};
    const isSigned = route.access === 'read' && !publicReads && closedReads === 'iam';
    if (isSigned) return { authorizer: new HttpIamAuthorizer() };
    if (this.authorizer === undefined)
      throw new Error(`No authorizer stands before ${route.path}.`);
    return { authorizer: this.authorizer };
  }
}

/** No address, no query: who asked for what is nobody's business here. */
const ACCESS_LOG = AccessLogFormat.custom(
  JSON.stringify({
    time: AccessLogField.contextRequestTime(),
    requestId: AccessLogField.contextRequestId(),
    route: '$context.routeKey',
    status: AccessLogField.contextStatus(),
    responseBytes: AccessLogField.contextResponseLength(),
    latencyMs: AccessLogField.contextResponseLatency(),
    integrationLatencyMs: AccessLogField.contextIntegrationLatency(),
    error: '$context.integrationErrorMessage',
  }),
);
