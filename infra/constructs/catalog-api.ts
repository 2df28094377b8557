import { Stack } from 'aws-cdk-lib';
import { AccessLogField, AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import {
  gatewayPaths,
  type FunctionDeclaration,
  type RouteDeclaration,
} from '../../shared/deployment.ts';
import { acknowledge } from '../rule-packs.ts';
import { keptLogs } from './kept-logs.ts';

export interface CatalogApiProps {
  /** False: reads need an IAM signature. @default true */
  readonly publicReads?: boolean;
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
  private readonly publicReads: boolean;

  constructor(scope: Construct, id: string, props: CatalogApiProps = {}) {
    super(scope, id);
    const { publicReads = true, logRetentionDays, throttle = THROTTLE } = props;
    this.publicReads = publicReads;
    const { stackName } = Stack.of(this);
    this.api = new HttpApi(this, 'Http', { apiName: stackName, createDefaultStage: false });
    // This prefix keeps the account's policy for log delivery from growing with each new log.
    const logs = keptLogs(this, 'Logs', logRetentionDays, `/aws/vendedlogs/${stackName}-api`);
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: throttle.requestsPerSecond, burstLimit: throttle.burst },
      accessLogSettings: { destination: new LogGroupLogDestination(logs), format: ACCESS_LOG },
    });
    this.url = stage.url;
  }

  /** Serves a function's routes. Closed reads need an IAM signature; public routes never do. */
  serve({ name, routes }: FunctionDeclaration, fn: IFunction): void {
    const integration = new HttpLambdaIntegration(name, fn);
    for (const route of routes) {
      for (const path of gatewayPaths(route.path)) {
        const isClosed = this.isClosed(route);
        const added = this.api.addRoutes({
          path,
          methods: [HttpMethod[route.method]],
          integration,
          ...(isClosed && { authorizer: new HttpIamAuthorizer() }),
        });
        if (isClosed) continue;
        for (const open of added) acknowledge(open, 'AwsSolutions::AwsSolutions-APIG4');
      }
    }
  }

  private isClosed({ access }: RouteDeclaration): boolean {
    return access === 'read' && !this.publicReads;
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
