/**
 * For service authors: {@link dev.pointsman.agent.ServiceAgent} serves a handler on a free port, keeps it registered for
 * as long as it runs, and leaves in good order. {@link dev.pointsman.agent.AgentOptions} says how.
 */
@NullMarked
package dev.pointsman.agent;

import org.jspecify.annotations.NullMarked;
