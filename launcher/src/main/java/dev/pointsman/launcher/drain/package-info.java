/**
 * The launcher's side of the acknowledged drain, see {@code docs/drain-protocol.md}: every balancer is asked whether it uses a
 * new instance already, and whether an old one is idle.
 */
@NullMarked
package dev.pointsman.launcher.drain;

import org.jspecify.annotations.NullMarked;
