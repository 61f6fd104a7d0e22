/**
 * How one balancer takes the place of another that runs: the listening sockets go from process to process, and systemd is told. All
 * that Java has no call for is here ({@link dev.pointsman.cli.takeover.LinuxCalls}).
 */
@NullMarked
package dev.pointsman.cli.takeover;

import org.jspecify.annotations.NullMarked;
