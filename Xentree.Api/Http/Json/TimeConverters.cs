using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace Xentree.Api.Http.Json;

/// <summary>Instants: written as UTC with milliseconds and <c>Z</c>; read with any offset that ISO 8601 allows.</summary>
internal sealed class InstantConverter : JsonConverter<Instant>
{
    private static readonly InstantPattern Written = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>As JSON shows it.</summary>
    public static string Format(Instant instant) => Written.Format(instant);

    /// <summary>Reads an instant; false where the text is none, or lies outside the years 1900 to 2200.</summary>
    public static bool TryParse(string? text, out Instant instant)
    {
        instant = default;
        if (text is null || OffsetDateTimePattern.ExtendedIso.Parse(text) is not { Success: true } parsed) return false;

        instant = parsed.Value.ToInstant();
        return instant >= Earliest && instant < Latest;
    }

    private static readonly Instant Earliest = Instant.FromUtc(1900, 1, 1, 0, 0);
    private static readonly Instant Latest = Instant.FromUtc(2200, 1, 1, 0, 0);

    public override Instant Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && TryParse(reader.GetString(), out var instant)
            ? instant
            : throw new JsonException("must be an instant such as 2026-03-01T12:00:00.000Z");

    public override void Write(Utf8JsonWriter writer, Instant value, JsonSerializerOptions options) => writer.WriteStringValue(Format(value));
}

/// <summary>Dates: <c>YYYY-MM-DD</c>.</summary>
internal sealed class LocalDateConverter : JsonConverter<LocalDate>
{
    public override LocalDate Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && LocalDatePattern.Iso.Parse(reader.GetString()!) is { Success: true } parsed
            ? parsed.Value
            : throw new JsonException("must be a date such as 2026-03-01");

    public override void Write(Utf8JsonWriter writer, LocalDate value, JsonSerializerOptions options)
    {
        // A year of days is written at once: no text is made of each.
        Span<byte> text = stackalloc byte[10];
        value.ToDateOnly().TryFormat(text, out _, "O", System.Globalization.CultureInfo.InvariantCulture);
        writer.WriteStringValue(text);
    }
}
