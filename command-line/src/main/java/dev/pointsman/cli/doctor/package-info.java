/** The checks of {@code pointsman doctor}: what people get wrong, each from a known report. */
@NullMarked
package dev.pointsman.cli.doctor;

import org.jspecify.annotations.NullMarked;
