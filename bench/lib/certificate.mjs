// The certificate that every proxy shows, and what clients ask for, so that the cryptography is the same for all of them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The suite and the group of TLS 1.3 that clients offer, no others: servers would choose differently. */
export const CIPHER_SUITE = 'TLS_AES_128_GCM_SHA256';
export const GROUP = 'X25519';

const CLIENT = 'openssl-client.cnf';

/** Makes a certificate by ECDSA with P-256; gives the paths { cert, key, both }. */
export async function makeCertificate({ temp, processes, loadCores }) {
  const [cert, key, both] = ['cert.pem', 'key.pem', 'both.pem'].map((name) => join(temp, name));
  await processes.run('openssl', loadCores, 'openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '30',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert,
  ]);
  writeFileSync(both, readFileSync(cert, 'utf8') + readFileSync(key, 'utf8'), { mode: 0o600 });
  writeFileSync(join(temp, CLIENT), [
    'openssl_conf = all', '[all]', 'ssl_conf = ssl', '[ssl]', 'system_default = clients',
    '[clients]', `Ciphersuites = ${CIPHER_SUITE}`, `Groups = ${GROUP}`, 'MinProtocol = TLSv1.3', '',
  ].join('\n'));
  return { cert, key, both };
}

/** The environment of a client that has no options for them. */
export const clientEnvironment = (temp) => ({ OPENSSL_CONF: join(temp, CLIENT) });
