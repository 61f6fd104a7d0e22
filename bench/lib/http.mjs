// The few requests that a measurement makes by itself.
import http from 'node:http';

/** Sends one request on a connection of its own; gives the status and the body's length. */
export function call(method, port, path, body, timeout = 5000) {
  return new Promise((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, agent: false, timeout }, (response) => {
      let length = 0;
      response.on('data', (data) => { length += data.length; });
      response.on('end', () => resolve({ status: response.statusCode, length }));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error(`no response within ${timeout} ms`)));
    request.on('error', reject);
    request.end(body);
  });
}

/** Whether something responds there. */
export const responds = (port, path) => call('GET', port, path).then(({ status }) => status === 200, () => false);
