/**
 * The agent, for service authors: {@link dev.pointsman.agent.ServiceAgent} serves a handler on a free port, keeps it registered
 * for as long as it runs, and stops gracefully; {@link dev.pointsman.agent.AgentOptions} are its options. {@link
 * dev.pointsman.agent.RegistrationKeeper} is the loop that keeps any other program registered.
 */
@NullMarked
package dev.pointsman.agent;

import org.jspecify.annotations.NullMarked;
