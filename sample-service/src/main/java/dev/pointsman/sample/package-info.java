/**
 * The service to try Pointsman with: it responds to every path with its type and process id, and some paths misbehave on
 * request. {@link dev.pointsman.sample.SampleService} is the command, {@code SampleHandler} the list of its paths.
 */
@NullMarked
package dev.pointsman.sample;

import org.jspecify.annotations.NullMarked;
