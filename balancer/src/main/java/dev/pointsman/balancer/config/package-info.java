/** The configuration of the balancer: settings from flags and a file, checked all at once. */
@NullMarked
package dev.pointsman.balancer.config;

import org.jspecify.annotations.NullMarked;
