/**
 * The documentation as web pages. {@link dev.pointsman.docs.Repository} is the pages as they stand in the repository, {@link
 * dev.pointsman.docs.DocsSite} writes them as HTML in the order of docs/README.md.
 */
@NullMarked
package dev.pointsman.docs;

import org.jspecify.annotations.NullMarked;
