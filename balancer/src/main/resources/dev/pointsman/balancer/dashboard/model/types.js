/**
 * The shapes of what the admin API says, for readers and editors; docs/admin-api.md describes them. Of times those in
 * milliseconds are numbers, and instants are ISO 8601.
 *
 * @typedef {{rate: number, errors: number, p50Ms: number|null, p99Ms: number|null}} Traffic
 * @typedef {{open: number, rate: number|null, received: number|null, sent: number|null}} Connections of TCP; rates per second
 * @typedef {Traffic & {at: string}} Point
 * @typedef {{id: string, node: string, address: string, port: number, state: string, reason: string, since: string|null,
 *     weight: number, inFlight: number, stalled: boolean, ejections: number, tags: string[], traffic: Traffic}} Upstream
 * @typedef {{route: string, traffic: Traffic, tcp: Connections|null}} RouteShare
 * @typedef {{name: string, policy: string, inTrouble: boolean, why: string, ready: number, all: number,
 *     failOpen: boolean, inFlight: number, waiting: number, traffic: Traffic, tcp: Connections|null, counts: Object<string, number>,
 *     registry: {ageMs: number|null, failures: number, lastError: string|null}, routes: RouteShare[],
 *     upstreams: Upstream[]}} Service
 * @typedef {{at: string, version: string, state: string, startedAt: string, traffic: Traffic, tcp: Connections|null,
 *     connections: {clients: number, upstreams: number},
 *     config: {version: number, since: string, refused: string|null},
 *     registry: {ok: boolean, oldestAgeMs: number|null, failing: number, lastError: string|null},
 *     total: number, matching: number, inTrouble: number, unrouted: Traffic, services: Service[]}} Overview
 * @typedef {{at: string, target: string, id?: string, node?: string, canary?: string, from?: string|null, to: string,
 *     reason: string}} Change
 * @typedef {{id: string, pid: number|null, port: number|null, state: string, restarts: number, cpuPercent: number|null,
 *     memoryBytes: number|null, startedAt: string|null, why: string}} LaunchedInstance
 * @typedef {{name: string, wanted: number, running: number, instances: LaunchedInstance[]}} LaunchedType
 * @typedef {{pid: number, name: string, keepsOutput: boolean, types: LaunchedType[]}} Launcher
 */

export {};
