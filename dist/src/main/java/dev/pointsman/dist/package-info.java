/**
 * What is made of the commands when Pointsman is packaged: completions for shells, and pages of the manual. Runs in the build alone.
 */
@NullMarked
package dev.pointsman.dist;

import org.jspecify.annotations.NullMarked;
