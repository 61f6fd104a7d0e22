/** The demo, {@code pointsman demo}: the whole system on one machine. */
@NullMarked
package dev.pointsman.cli.demo;

import org.jspecify.annotations.NullMarked;
