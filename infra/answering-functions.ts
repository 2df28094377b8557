import { Duration, Stack } from 'aws-cdk-lib';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { Construct } from 'constructs';
import {
  AUTHORIZER_NAME,
  BROWSER_SOURCES,
  functionDeclarations,
  type FunctionDeclaration,
} from '../shared/deployment.ts';
import type {
  identityEnvironment,
  loginEnvironment,
  pageEnvironment,
  readerEnvironment,
} from '../shared/environment.ts';
import type { CatalogConfig } from './config.ts';
import { bundlingOf, CatalogFunction } from './constructs/catalog-function.ts';
import type { CatalogTable } from './constructs/catalog-table.ts';
import type { Identity } from './constructs/identity.ts';
import type { Worker } from './constructs/worker.ts';
import { intervalVariables } from './interval-variables.ts';
import { sourcesOf } from './sources.ts';

export interface AnsweringParts {
  readonly config: CatalogConfig;
  readonly table: CatalogTable;
  readonly worker: Worker;
  readonly identity: Identity;
}

/** The functions behind the API and in front of it, each with what its role needs and no more. */
export class AnsweringFunctions {
  private readonly scope: Construct;
  private readonly parts: AnsweringParts;

  constructor(scope: Construct, parts: AnsweringParts) {
    this.scope = scope;
    this.parts = parts;
  }

  /** The function that finds out who asks. */
  authorizer(): NodejsFunction {
    const declaration = functionDeclarations.find(({ name }) => name === AUTHORIZER_NAME);
    if (declaration === undefined) throw new Error('No authorizer is declared.');
    return this.of(declaration);
  }

  of(declaration: FunctionDeclaration): NodejsFunction {
    switch (declaration.role) {
      case 'reader':
        return this.reader(declaration, () => {});
      case 'staff':
        return this.reader(declaration, (fn) => this.parts.table.grantSteering(fn));
      case 'assets':
        return this.assets(declaration);
      case 'login':
        return this.login(declaration);
      case 'authorizer':
        return this.authorizing(declaration);
      case 'worker':
        throw new Error('The worker answers no request.');
    }
  }

  private reader(
    declaration: FunctionDeclaration,
    grantMore: (fn: NodejsFunction) => void,
  ): NodejsFunction {
    const { config, table, worker } = this.parts;
    return new CatalogFunction<typeof readerEnvironment>(this.scope, declaration.name, {
      declaration,
      ...config,
      environment: (fn) => {
        const granted = table.grantRead(fn);
        if (declaration.startsNothing !== true) {
          table.grantClaim(fn);
          worker.grantStart(fn);
        }
        grantMore(fn);
        return {
          ...granted,
          WORKER_FUNCTION_NAME: worker.fn.functionName,
          ...(declaration.resource !== undefined && { RESOURCE: declaration.resource }),
          ...intervalVariables(config),
          PUBLIC_READS: String(config.publicReads),
          IMAGE_HOSTS: this.imageHosts(),
          ...(config.watch && { DEPLOYMENT: Stack.of(this.scope).stackName }),
        };
      },
    }).fn;
  }

  /** The same for every function: the pages' policy is one. */
  private imageHosts(): string {
    const { config } = this.parts;
    return (config.imageHosts ?? originsOf(config)).join(',');
  }

  private authorizing(declaration: FunctionDeclaration): NodejsFunction {
    const { config, table, identity } = this.parts;
    return new CatalogFunction<typeof identityEnvironment>(this.scope, declaration.name, {
      declaration,
      ...config,
      environment: (fn) => ({ ...table.grantTokens(fn), ...identity.grantCheck(fn) }),
      // An HTTP API waits no longer for it.
      settings: { timeout: Duration.seconds(10) },
    }).fn;
  }

  private login(declaration: FunctionDeclaration): NodejsFunction {
    const { config, identity } = this.parts;
    return new CatalogFunction<typeof loginEnvironment>(this.scope, declaration.name, {
      declaration,
      ...config,
      environment: (fn) => ({ ...identity.grantLogin(fn), IMAGE_HOSTS: this.imageHosts() }),
    }).fn;
  }

  /** The pages' own files, bundled beside the code that serves them. */
  private assets(declaration: FunctionDeclaration): NodejsFunction {
    return new CatalogFunction<typeof pageEnvironment>(this.scope, declaration.name, {
      declaration,
      ...this.parts.config,
      environment: () => ({ IMAGE_HOSTS: this.imageHosts() }),
      settings: {
        bundling: {
          ...bundlingOf(declaration.role),
          commandHooks: { beforeBundling: () => [], beforeInstall: () => [], afterBundling: build },
        },
      },
    }).fn;
  }
}

/** Where the suppliers are. */
const originsOf = (config: CatalogConfig): readonly string[] => [
  ...new Set(sourcesOf(config).map(({ supplierUrl }) => new URL(supplierUrl).origin)),
];

const build = (inputDir: string, outputDir: string): string[] => [
  `cd "${inputDir}" && npx --no esbuild ${BROWSER_SOURCES.join(' ')} --bundle --minify --format=iife --outdir="${outputDir}"`,
];
