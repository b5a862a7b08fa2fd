/** Serves `/metrics`, and nothing else, over TCP at the address in `metrics_listen`. */
import { createServer, type Server } from 'node:http';
import { limitConnections } from '../host/limit-connections.ts';
import { oneRequestEach } from '../host/one-request-each.ts';
import { formatEndpoint } from '../text/endpoint.ts';
import type { ListenAddress } from '../inventory/global-settings.ts';

const REQUEST_TIMEOUT_MS = 5_000;
const MAXIMUM_CONNECTIONS = 32;

export interface MetricsSource {
  readonly contentType: string;
  text(): Promise<string>;
}

export class MetricsListener {
  readonly #source: MetricsSource;
  #where = '';
  #server: Server | undefined;

  constructor(source: MetricsSource) {
    this.#source = source;
  }

  /** Listens at `listen`, or nowhere if undefined. Rejects with Node's error, and then listens nowhere. */
  async listenOn(listen: ListenAddress | undefined): Promise<void> {
    const where = listen === undefined ? '' : formatEndpoint(listen.address, listen.port);
    if (where === this.#where) return;
    this.close();
    if (listen === undefined) return;
    const server = this.#createServer();
    await new Promise<void>((resolve, reject) => {
      // Later errors are of `accept` (EMFILE): the client waits, and may be accepted later.
      server.on('error', reject);
      server.listen({ host: listen.address, port: listen.port }, resolve);
    });
    this.#server = server;
    this.#where = where;
  }

  close(): void {
    this.#server?.close();
    this.#server?.closeAllConnections();
    this.#server = undefined;
    this.#where = '';
  }

  #createServer(): Server {
    const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS };
    const server = createServer(
      { maxHeaderSize: 8192, ...timeouts, connectionsCheckingInterval: 1_000 },
      oneRequestEach((request, response) => {
        response.setTimeout(REQUEST_TIMEOUT_MS, () => response.destroy());
        if (request.url !== '/metrics' || request.method !== 'GET') {
          response.writeHead(404).end('there is only /metrics\n');
          return;
        }
        void this.#source.text().then(
          (text) => {
            response.writeHead(200, { 'content-type': this.#source.contentType }).end(text);
          },
          // Gathering them takes descriptors, of which there may be none.
          () => {
            response.writeHead(500).end('the metrics cannot be gathered now\n');
          },
        );
      }),
    );
    limitConnections(server, MAXIMUM_CONNECTIONS);
    return server;
  }
}
