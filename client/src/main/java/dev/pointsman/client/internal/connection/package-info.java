/** The connections of a client to the instances of services. No API. */
@NullMarked
package dev.pointsman.client.internal.connection;

import org.jspecify.annotations.NullMarked;
