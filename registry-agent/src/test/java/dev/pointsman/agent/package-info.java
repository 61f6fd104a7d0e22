/** Tests of the agent, and {@code EmbeddingExample}, the program that the README shows. */
@NullMarked
package dev.pointsman.agent;

import org.jspecify.annotations.NullMarked;
