using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Xentree.Api.Http.Json;

/// <summary>A member of a merge patch (RFC 7396): absent leaves the value alone, null clears it.</summary>
/// <typeparam name="T">The type of the value.</typeparam>
public readonly record struct Optional<T> : IOptional
{
    private readonly T _value;

    /// <summary>A member that is present.</summary>
    public Optional(T value) => (_value, IsPresent) = (value, true);

    /// <summary>Whether the patch names the member.</summary>
    public bool IsPresent { get; }

    /// <summary>The value; the default where the member is absent, because the validation of a request looks at every member.</summary>
    public T Value => _value;

    object? IOptional.Value => _value;

    /// <summary>Calls <paramref name="set"/> with the value where present.</summary>
    public void Apply(Action<T> set)
    {
        if (IsPresent) set(_value);
    }
}

/// <summary>An <see cref="Optional{T}"/> whatever its type.</summary>
[SuppressMessage("Design", "CA1040", Justification = "Not empty.")]
internal interface IOptional
{
    bool IsPresent { get; }

    object? Value { get; }
}

/// <summary>Which members of a merge patch may be cleared: those whose type, as it is written in the code, allows null.</summary>
internal static class OptionalMembers
{
    private static readonly ConcurrentDictionary<PropertyInfo, bool> Known = new();

    /// <summary>Whether <c>Optional&lt;T&gt;</c> is declared with a T that allows null.</summary>
    public static bool AllowNull(PropertyInfo property) => Known.GetOrAdd(property, static member =>
        new NullabilityInfoContext().Create(member).GenericTypeArguments is [{ ReadState: NullabilityState.Nullable }]);
}

internal sealed class OptionalConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Optional<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    private sealed class Converter<T> : JsonConverter<Optional<T>>
    {
        // Null is a value here: it clears.
        public override bool HandleNull => true;

        public override Optional<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType != JsonTokenType.Null ? new(((JsonConverter<T>)options.GetConverter(typeof(T))).Read(ref reader, typeof(T), options)!)
            : default(T) is null ? new(default!)
            : throw new JsonException("must not be null");

        public override void Write(Utf8JsonWriter writer, Optional<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, value.IsPresent ? value.Value : default, options);
    }
}
