/** The command line: the only package that prints. */
@NullMarked
package dev.pointsman.balancer.cli;

import org.jspecify.annotations.NullMarked;
