using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using NodaTime;

namespace Xentree.Api.Http.OpenApi;

/// <summary>
/// Describes values as they are on the wire: what this API's converters write and read, which members may be null, which are always
/// there, and what validation asks of them.
/// </summary>
internal sealed class SchemaRules : IOpenApiSchemaTransformer
{
    /// <summary>Under this name a schema remembers the members that every answer of its type holds.</summary>
    public const string AlwaysWritten = "xentree-always-written";

    /// <summary>The name of a component; null for what is described in place.</summary>
    public static string? NameOf(JsonTypeInfo type) =>
        IsOptional(type.Type) || Scalar(Nullable.GetUnderlyingType(type.Type) ?? type.Type) is not null || type.Type == typeof(ErrorDetail) || type.Type == typeof(IFormFile)
            ? null
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    public async Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        var value = IsOptional(type) ? type.GetGenericArguments()[0] : type;
        if (IsOptional(type)) CopyType(await context.GetOrCreateSchemaAsync(value, null, cancellationToken), schema);

        value = Nullable.GetUnderlyingType(value) ?? value;
        if (Scalar(value) is var (kind, format)) (schema.Type, schema.Format) = (kind, format);
        if (value.IsEnum) schema.Type = JsonSchemaType.String;
        if (value.IsEnum && schema.Enum is { Count: > 0 } names) schema.Enum = [.. names.Where(name => name is not null)];
        if (type == typeof(ErrorDetail)) schema.AdditionalProperties = new OpenApiSchema();
        // What a converter of ours writes, the framework describes as anything at all, and a list of it as a list of nothing.
        if (ElementOf(context.JsonTypeInfo) is { } element && schema is { Type: not null, Items: null })
            schema.Items = await context.GetOrCreateSchemaAsync(element, null, cancellationToken);
        // The framework describes the values of a dictionary only from the outside.
        if (ValueOf(value) is { } values && schema.AdditionalProperties is OpenApiSchema { Items: null, Type: JsonSchemaType.Array })
            schema.AdditionalProperties = await context.GetOrCreateSchemaAsync(values, null, cancellationToken);

        if (context.JsonPropertyInfo is { AttributeProvider: PropertyInfo property } member)
        {
            DescribeRules(schema, property);
            if (schema.Type is { } known) schema.Type = MayBeNull(property, member) ? known | JsonSchemaType.Null : known & ~JsonSchemaType.Null;
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            schema.Metadata ??= new Dictionary<string, object>();
            schema.Metadata[AlwaysWritten] = context.JsonTypeInfo.Properties.Where(IsAlwaysWritten).Select(p => p.Name).ToHashSet();
        }
    }

    private static (JsonSchemaType Type, string? Format)? Scalar(Type type) =>
        type == typeof(string) ? (JsonSchemaType.String, null)
        : type == typeof(Guid) ? (JsonSchemaType.String, "uuid")
        : type == typeof(Instant) ? (JsonSchemaType.String, "date-time")
        : type == typeof(LocalDate) ? (JsonSchemaType.String, "date")
        : null;

    private static bool IsOptional(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Optional<>);

    private static Type? ElementOf(JsonTypeInfo type) => type.Kind == JsonTypeInfoKind.Enumerable ? type.ElementType : null;

    private static Type? ValueOf(Type type) => type.GetInterfaces().Append(type)
        .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>))?.GetGenericArguments()[1];

    private static bool IsAlwaysWritten(JsonPropertyInfo property) =>
        property.AttributeProvider is { } attributes
        && attributes.GetCustomAttributes(typeof(JsonExtensionDataAttribute), true).Length == 0
        && attributes.GetCustomAttributes(typeof(JsonIgnoreAttribute), true).Length == 0;

    private static bool MayBeNull(PropertyInfo property, JsonPropertyInfo member)
    {
        if (property.GetCustomAttribute<RequiredAttribute>() is not null || property.GetCustomAttribute<JsonIgnoreAttribute>() is not null) return false;
        if (IsOptional(property.PropertyType)) return OptionalMembers.AllowNull(property);

        return Nullable.GetUnderlyingType(property.PropertyType) is not null || (!property.PropertyType.IsValueType && member.IsGetNullable);
    }

    private static void DescribeRules(OpenApiSchema schema, PropertyInfo property)
    {
        foreach (var rule in property.GetCustomAttributes<FieldAttribute>(inherit: true))
        {
            schema.MinLength = rule.Min ?? schema.MinLength;
            schema.MaxLength = rule.Max ?? schema.MaxLength;
            schema.Pattern = rule.Pattern ?? schema.Pattern;
            schema.Format = rule.Format ?? schema.Format;
        }
    }

    private static void CopyType(OpenApiSchema from, OpenApiSchema to) =>
        (to.Type, to.Format, to.Items, to.Enum, to.AnyOf, to.OneOf, to.Properties, to.Required, to.AdditionalProperties)
            = (from.Type, from.Format, from.Items, from.Enum, from.AnyOf, from.OneOf, from.Properties, from.Required, from.AdditionalProperties);
}
