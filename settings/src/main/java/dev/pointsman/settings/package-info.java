/**
 * Settings of a program: rows that declare them ({@link dev.pointsman.settings.Option}), values from flags and YAML files
 * with the place where each stands, and all problems with them at once.
 */
@NullMarked
package dev.pointsman.settings;

import org.jspecify.annotations.NullMarked;
