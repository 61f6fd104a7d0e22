/**
 * What this project relies on in a registry that speaks Consul's HTTP API, as tests that run against each of them: the
 * real ones and our own. Where versions of Consul differ by design, the assertion names the responses allowed.
 */
@NullMarked
package dev.pointsman.registry.contract;

import org.jspecify.annotations.NullMarked;
