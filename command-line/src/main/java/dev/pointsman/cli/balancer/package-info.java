/** The command line: the only package that prints. */
@NullMarked
package dev.pointsman.cli.balancer;

import org.jspecify.annotations.NullMarked;
