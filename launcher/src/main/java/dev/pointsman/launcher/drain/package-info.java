/**
 * The launcher's side of the acknowledged drain, see {@code docs/drain-protocol.md}: asks every balancer whether it uses a new
 * instance already, and whether it is done with an old one.
 */
@NullMarked
package dev.pointsman.launcher.drain;

import org.jspecify.annotations.NullMarked;
