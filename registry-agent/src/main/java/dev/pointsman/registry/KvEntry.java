package dev.pointsman.registry;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A key of a {@link KeyValueStore} with its value. Immutable. */
public final class KvEntry {
    private final String key;
    private final byte[] value;
    private final long modifyIndex;

    /**
     * An entry.
     *
     * @param value is not copied, and must not be changed any more
     * @param modifyIndex the registry's index at its newest write, as an unsigned number
     */
    public KvEntry(String key, byte[] value, long modifyIndex) {
        this.key = key;
        this.value = value;
        this.modifyIndex = modifyIndex;
    }

    public String key() {
        return key;
    }

    /** The registry's index at the newest write of the key: another one means that it was written, if only with the same value. */
    public long modifyIndex() {
        return modifyIndex;
    }

    /** A copy of the value; it may hold anything. */
    public byte[] bytes() {
        return value.clone();
    }

    /** The length of the value in bytes. */
    public int length() {
        return value.length;
    }

    /** The value as text, or nothing if it is not UTF-8. */
    public Optional<String> text() {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString());
        } catch (CharacterCodingException binary) {
            return Optional.empty();
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KvEntry entry
                && key.equals(entry.key)
                && modifyIndex == entry.modifyIndex
                && Arrays.equals(value, entry.value);
    }

    @Override
    public int hashCode() {
        return Objects.hash(key, modifyIndex);
    }

    /** The key with the length of its value; the value may be a secret. */
    @Override
    public String toString() {
        return key + " (" + value.length + " bytes, at " + Long.toUnsignedString(modifyIndex) + ")";
    }
}
