// The registry's own time: what somebody sees who does nothing but wait in a blocking query, as the balancer does.
import http from 'node:http';

/** Asks for the instances of a service again and again, each time until something changes, and tells when each came and went. */
export class BareQuery {
  #agent = new http.Agent({ keepAlive: true });
  #listed = new Set();
  #waiting = [];
  #closed = false;

  constructor(registry, service) {
    this.path = `/v1/health/service/${service}`;
    this.registry = registry;
  }

  /** Begins, and is there when the first response is. */
  async start() {
    this.#take(await this.#ask(0));
    this.#loop();
  }

  /** The time at which the response was read that first has this instance, or first has it no more. */
  seen(id, listed) {
    return new Promise((resolve, reject) => { this.#waiting.push({ id, listed, resolve, reject }); });
  }

  close() {
    this.#closed = true;
    this.#agent.destroy();
  }

  async #loop() {
    while (!this.#closed) {
      try {
        this.#take(await this.#ask(this.index));
      } catch (error) {
        if (!this.#closed) {
          this.#waiting.forEach(({ reject }) => reject(error));
          return;
        }
      }
    }
  }

  #take({ index, ids, at }) {
    this.index = index;
    this.#listed = new Set(ids);
    this.#waiting = this.#waiting.filter(({ id, listed, resolve }) => {
      const happened = this.#listed.has(id) === listed;
      if (happened) {
        resolve(at);
      }
      return !happened;
    });
  }

  #ask(index) {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.registry, path: `${this.path}?index=${index}&wait=60s`, agent: this.#agent };
      http.get(options, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (data) => { text += data; });
        response.on('end', () => {
          const at = performance.now();
          try {
            resolve({ index: response.headers['x-consul-index'], ids: JSON.parse(text).map(({ Service }) => Service.ID), at });
          } catch (error) {
            reject(error);
          }
        });
        response.on('error', reject);
      }).on('error', reject);
    });
  }
}
