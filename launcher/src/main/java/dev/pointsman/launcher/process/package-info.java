/**
 * Programs as processes: started each in a session of its own, ended with all that they started themselves, told apart from
 * others by what Linux says of them in {@code /proc}. Knows nothing of services or registries.
 */
@NullMarked
package dev.pointsman.launcher.process;

import org.jspecify.annotations.NullMarked;
