using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace Xentree.Api.Http.OpenApi;

/// <summary>The examples that types give of themselves (<see cref="IExample{TSelf}"/>), as JSON.</summary>
internal static class Examples
{
    // A merge patch shows the members that it names.
    private static readonly JsonSerializerOptions Options = new(ApiJson.Options)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { OmitAbsentMembers } },
    };

    /// <summary>The example of a type, or of a list of it; null where it knows none.</summary>
    public static JsonNode? Of(Type type)
    {
        if (ElementOf(type) is { } element) return Of(element) is { } one ? new JsonArray(one) : null;

        return typeof(Examples).GetMethod(nameof(Value), BindingFlags.NonPublic | BindingFlags.Static) is { } value && KnowsExample(type)
            ? JsonSerializer.SerializeToNode(value.MakeGenericMethod(type).Invoke(null, null), type, Options)
            : null;
    }

    private static T Value<T>()
        where T : IExample<T> => T.Example;

    private static bool KnowsExample(Type type) => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IExample<>));

    private static Type? ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.GetInterfaces().Append(type).FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>)) is { } list
          && !type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))
            ? list.GetGenericArguments()[0]
            : null;

    private static void OmitAbsentMembers(JsonTypeInfo type)
    {
        foreach (var property in type.Properties)
        {
            if (typeof(IOptional).IsAssignableFrom(property.PropertyType)) property.ShouldSerialize = (_, value) => value is IOptional { IsPresent: true };
        }
    }
}
