import { Duration, Stack } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
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
import type { IMetric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  gatewayPaths,
  isIdentified,
  type FunctionDeclaration,
  type RouteDeclaration,
} from '../../shared/deployment.ts';
import { acknowledge } from '../rule-packs.ts';
import { keptLogs } from './kept-logs.ts';

export interface CatalogApiProps {
  /** False: reads need a token, or an IAM signature. @default true */
  readonly publicReads?: boolean;
  /** Who may read then. @default token */
  readonly closedReads?: 'token' | 'iam';
  /** How long the access log is kept. @default one month */
  readonly logRetentionDays?: RetentionDays;
  /** Of every route, together: in the long run, and at once. It bounds what a flood can cost.
   *  @default 200 requests a second, 500 at once */
  readonly throttle?: { readonly requestsPerSecond: number; readonly burst: number };
}

const THROTTLE = { requestsPerSecond: 200, burst: 500 };

/** The HTTP API: exactly the routes that `shared/deployment.ts` declares. */
export class CatalogApi extends Construct {
  readonly url: string;
  private readonly api: HttpApi;
  private readonly stage: HttpStage;
  private readonly reads: Pick<CatalogApiProps, 'publicReads' | 'closedReads'>;
  private authorizer: HttpLambdaAuthorizer | undefined;

  constructor(scope: Construct, id: string, props: CatalogApiProps = {}) {
    super(scope, id);
    const { publicReads = true, closedReads = 'token' } = props;
    const { logRetentionDays, throttle = THROTTLE } = props;
    this.reads = { publicReads, closedReads };
    const { stackName } = Stack.of(this);
    this.api = new HttpApi(this, 'Http', { apiName: stackName, createDefaultStage: false });
    // This prefix keeps the account's policy for log delivery from growing with each new log.
    const logs = keptLogs(this, 'Logs', logRetentionDays, `/aws/vendedlogs/${stackName}-api`);
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: ACCESS_LOG },
    });
    this.url = this.stage.url;
  }

  /** Requests that were answered with 500 or above, by whomever. */
  metricErrors(options: MetricOptions): IMetric {
    return this.stage.metricServerError(options);
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
  serve({ name, routes, takesTheRest = false }: FunctionDeclaration, fn: IFunction): void {
    // One permission for all of a function's routes, since its policy takes 20,480 bytes. It would not cover
    // what no route takes: that is called by a path of two parts, and this is a pattern of three.
    const integration = new HttpLambdaIntegration(name, fn, {
      scopePermissionToRoute: takesTheRest,
    });
    for (const route of routes) {
      for (const path of gatewayPaths(route.path)) {
        const guard = this.guardOf(route);
        const added = this.api.addRoutes({
          path,
          methods: [HttpMethod[route.method]],
          integration,
          ...guard,
        });
        if (guard.authorizer !== undefined) continue;
        for (const open of added) acknowledge(open, 'AwsSolutions::AwsSolutions-APIG4');
      }
    }
    if (!takesTheRest) return;
    // What no route takes is answered like everything else: in words, with the headers of every answer.
    const rest = new HttpRoute(this, 'Rest', {
      httpApi: this.api,
      routeKey: HttpRouteKey.DEFAULT,
      integration,
    });
    acknowledge(rest, 'AwsSolutions::AwsSolutions-APIG4');
  }

  private guardOf(route: RouteDeclaration): Pick<AddRoutesOptions, 'authorizer'> {
    const { publicReads = true, closedReads } = this.reads;
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
    authorizerError: '$context.authorizer.error',
  }),
);
