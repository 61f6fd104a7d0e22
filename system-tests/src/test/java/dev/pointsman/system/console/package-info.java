/**
 * The console blocks of the documentation, typed into real shells. {@link dev.pointsman.system.console.ConsolePage} reads a
 * page, {@link dev.pointsman.system.console.Stage} is what a reader has (a folder, a home, terminals), and {@link
 * dev.pointsman.system.console.ExpectedOutput} compares. How a page says what cannot be seen from a block is in CONTRIBUTING.md.
 */
@NullMarked
package dev.pointsman.system.console;

import org.jspecify.annotations.NullMarked;
