package dev.pointsman.balancer.accesslog;

import dev.pointsman.balancer.observe.MaskedNames;
import dev.pointsman.balancer.observe.ObservedConnection;
import dev.pointsman.balancer.observe.ObservedRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Lines that are a text with values in it, each in the place of a name in braces; two braces that open stand for one. Between quotes of
 * the text a value may have blanks, elsewhere they are escaped.
 */
final class TemplateFormat extends LineFormat {
    private static final int LONGEST = 4096;

    private final List<LinePart> parts;

    /** Some text, and the field behind it. */
    private static final class LinePart {
        private final byte[] text;
        private final LineField field;
        private final TcpLineField ofConnection;
        private final ValueStyle style;

        LinePart(String text, LineField field, TcpLineField ofConnection, ValueStyle style) {
            this.text = text.getBytes(StandardCharsets.UTF_8);
            this.field = field;
            this.ofConnection = ofConnection;
            this.style = style;
        }
    }

    private TemplateFormat(List<LinePart> parts) {
        this.parts = List.copyOf(parts);
    }

    /** The format of a template. */
    static TemplateFormat parse(String template, MaskedNames masked) throws BadTemplateException {
        if (template.length() > LONGEST) {
            throw new BadTemplateException("a template of more than " + LONGEST + " characters");
        }
        if (template.chars().anyMatch(TemplateFormat::isNoText)) {
            throw new BadTemplateException("a template with a line end or another control character");
        }
        LineFields fields = new LineFields(masked);
        List<LinePart> parts = new ArrayList<>();
        StringBuilder text = new StringBuilder();
        boolean quoted = false;
        boolean says = false;
        for (int i = 0; i < template.length(); i++) {
            char c = template.charAt(i);
            if (c != '{') {
                text.append(c);
                quoted ^= c == '"';
            } else if (template.startsWith("{{", i)) {
                text.append(c);
                i++;
            } else {
                int end = template.indexOf('}', i);
                String name = end < 0 ? "" : template.substring(i + 1, end);
                LineField field = field(fields, name, end >= 0);
                parts.add(new LinePart(
                        text.toString(),
                        field,
                        TcpLineFields.find(name),
                        quoted ? ValueStyle.QUOTED : ValueStyle.BARE));
                text.setLength(0);
                says = true;
                i = end;
            }
        }
        if (!says) {
            throw new BadTemplateException("a template without a placeholder", template, List.of(COMBINED, JSON));
        }
        parts.add(new LinePart(
                text.toString(), (line, style, request) -> {}, (line, style, connection) -> {}, ValueStyle.QUOTED));
        return new TemplateFormat(parts);
    }

    private static boolean isNoText(int c) {
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }

    private static LineField field(LineFields fields, String name, boolean ends) throws BadTemplateException {
        if (!ends) {
            throw new BadTemplateException("a template with a { that has no }");
        }
        LineField field = fields.find(name);
        if (field == null) {
            throw new BadTemplateException(
                    "a template with the unknown placeholder {" + name + "}", name, fields.names());
        }
        return field;
    }

    @Override
    void write(Line line, ObservedRequest request) {
        for (int i = 0; i < parts.size(); i++) {
            LinePart part = parts.get(i);
            line.put(part.text);
            part.field.write(line, part.style, request);
        }
    }

    @Override
    void write(Line line, ObservedConnection connection) {
        for (LinePart part : parts) {
            line.put(part.text);
            part.ofConnection.write(line, part.style, connection);
        }
    }
}
