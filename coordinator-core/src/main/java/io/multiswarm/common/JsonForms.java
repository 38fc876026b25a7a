package io.multiswarm.common;

import java.time.Duration;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/** How values of ours look in JSON: durations in milliseconds, enums as keys in lower case. */
final class JsonForms extends SimpleModule {

  private static final long serialVersionUID = 1L;

  JsonForms() {
    addSerializer(Duration.class, new Milliseconds());
    addKeySerializer(Enum.class, new Word());
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
