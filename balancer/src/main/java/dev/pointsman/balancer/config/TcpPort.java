package dev.pointsman.balancer.config;

import java.time.Duration;

/**
 * What is special about a listener whose connections are relayed as they are. Immutable.
 *
 * @param passthrough whether clients speak TLS there, which is not ended here, and the name that they ask for chooses the route
 * @param announced whether tags may announce routes of it
 * @param idle without a byte on a connection, either side, until it is closed
 */
public record TcpPort(boolean passthrough, boolean announced, Duration idle) {}
