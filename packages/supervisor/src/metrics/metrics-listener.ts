/** Serves `/metrics`, and nothing else, over TCP at the address in `metrics_listen`. */
import { createServer, type Server } from 'node:http';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
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
    const server = this.#createServer(listen);
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

  #createServer(listen: ListenAddress): Server {
    const timeouts = { requestTimeout: REQUEST_TIMEOUT_MS, headersTimeout: REQUEST_TIMEOUT_MS };
    const server = createServer(
      { maxHeaderSize: 8192, ...timeouts, connectionsCheckingInterval: 1_000 },
      oneRequestEach((request, response) => {
        response.setTimeout(REQUEST_TIMEOUT_MS, () => response.destroy());
        if (isLoopback(listen.address) && !namesThisHost(request.headers.host)) {
          response.writeHead(421).end('ask by the address of metrics_listen, or as localhost\n');
          return;
        }
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

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

/**
 * Whether the client has asked by an address, or by a name of this host. A web page whose own name has come to mean 127.0.0.1
 * (DNS rebinding) makes a browser on this host ask by that name. On other addresses Prometheus may ask by any name.
 */
function namesThisHost(host: string | undefined): boolean {
  const name = (host ?? 'localhost').replace(/:[0-9]*$/, '').replace(/^\[(.*)\]$/, '$1');
  return isIP(name) !== 0 || [hostname().toLowerCase(), 'localhost'].includes(name.toLowerCase());
}
