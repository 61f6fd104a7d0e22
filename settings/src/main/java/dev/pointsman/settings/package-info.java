/** What people tell a program by flags and in files, and how it is judged: all that is wrong with it at once. */
@NullMarked
package dev.pointsman.settings;

import org.jspecify.annotations.NullMarked;
