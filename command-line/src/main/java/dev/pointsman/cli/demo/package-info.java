/** What {@code pointsman demo} runs: the whole system on one machine. */
@NullMarked
package dev.pointsman.cli.demo;

import org.jspecify.annotations.NullMarked;
