/** The conversion of PM2's ecosystem files into services files: what is read of them, what becomes of each key, what is left out. */
@NullMarked
package dev.pointsman.cli.pm2;

import org.jspecify.annotations.NullMarked;
