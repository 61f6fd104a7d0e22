/** What the balancer is told to do: settings from flags and a file, checked all at once. */
@NullMarked
package dev.pointsman.balancer.config;

import org.jspecify.annotations.NullMarked;
