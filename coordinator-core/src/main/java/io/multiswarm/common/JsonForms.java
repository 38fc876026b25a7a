package io.multiswarm.common;

import io.multiswarm.internal.json.JsonText;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.UTF8StreamJsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * How values of ours look in JSON: {@link Json} as it is, durations in milliseconds, enums as keys
 * in lower case. And what JSON is where no type says: maps, lists and numbers that lose nothing.
 */
final class JsonForms extends SimpleModule {

  private static final long serialVersionUID = 1L;

  /** The attribute of a reader that has the bytes which its parser reads. */
  static final Object SOURCE = Json.class;

  JsonForms() {
    addSerializer(Json.class, new AsItIs());
    addDeserializer(Json.class, new AsWritten());
    addDeserializer(Object.class, new Untyped());
    addSerializer(Duration.class, new Milliseconds());
    addKeySerializer(Enum.class, new Word());
  }

  private static final class AsItIs extends ValueSerializer<Json> {
    @Override
    public void serialize(Json value, JsonGenerator to, SerializationContext context) {
      to.writeRawValue(value.toString());
    }
  }

  private static final class AsWritten extends ValueDeserializer<Json> {
    @Override
    public Json deserialize(JsonParser from, DeserializationContext context) {
      byte[] source = (byte[]) context.getAttribute(SOURCE);
      // What Jackson had to look through before, it reads from a buffer of tokens without bytes.
      return from instanceof UTF8StreamJsonParser
          ? Json.trusted(JsonText.currentValue(source, from))
          : Json.of(context.readTree(from));
    }

    @Override
    public Json getNullValue(DeserializationContext context) {
      return Json.NULL;
    }
  }

  /** As Jackson's own, but for numbers that no double is: they are a {@link BigDecimal}. */
  private static final class Untyped extends ValueDeserializer<Object> {
    @Override
    public @Nullable Object deserialize(JsonParser from, DeserializationContext context) {
      return switch (from.currentToken()) {
        case START_OBJECT -> {
          from.nextToken();
          yield members(from, context);
        }
        case PROPERTY_NAME, END_OBJECT -> members(from, context);
        case START_ARRAY -> elements(from, context);
        case VALUE_STRING -> from.getString();
        case VALUE_NUMBER_INT -> from.getNumberValue();
        case VALUE_NUMBER_FLOAT -> fraction(from);
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_NULL -> null;
        default -> context.handleUnexpectedToken(Object.class, from);
      };
    }

    private Map<String, @Nullable Object> members(JsonParser from, DeserializationContext context) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      for (String name = from.currentName();
          from.currentToken() == JsonToken.PROPERTY_NAME;
          name = from.nextName()) {
        from.nextToken();
        members.put(name, deserialize(from, context));
      }
      return members;
    }

    private List<@Nullable Object> elements(JsonParser from, DeserializationContext context) {
      List<@Nullable Object> elements = new ArrayList<>();
      while (from.nextToken() != JsonToken.END_ARRAY) {
        elements.add(deserialize(from, context));
      }
      return elements;
    }

    private static Number fraction(JsonParser from) {
      double nearest = from.getDoubleValue();
      BigDecimal written = from.getDecimalValue();
      return Double.isFinite(nearest) && BigDecimal.valueOf(nearest).compareTo(written) == 0
          ? (Number) nearest
          : written;
    }
  }

  private static final class Milliseconds extends ValueSerializer<Duration> {
    @Override
    public void serialize(Duration value, JsonGenerator to, SerializationContext context) {
      to.writeNumber(value.toMillis());
    }
  }

  @SuppressWarnings("rawtypes") // Jackson finds the serializer of all enums by the raw class
  private static final class Word extends ValueSerializer<Enum> {
    @Override
    public void serialize(Enum value, JsonGenerator to, SerializationContext context) {
      to.writeName(value.name().toLowerCase(Locale.ROOT));
    }
  }
}
