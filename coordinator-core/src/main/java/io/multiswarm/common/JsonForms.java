package io.multiswarm.common;

import io.multiswarm.internal.json.JsonText;
import java.time.Duration;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.json.UTF8StreamJsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * How values of ours look in JSON: {@link Json} as it is, durations in milliseconds, enums as keys
 * in lower case.
 */
final class JsonForms extends SimpleModule {

  private static final long serialVersionUID = 1L;

  /** The attribute of a reader that has the bytes which its parser reads. */
  static final Object SOURCE = Json.class;

  JsonForms() {
    addSerializer(Json.class, new AsItIs());
    addDeserializer(Json.class, new AsWritten());
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
