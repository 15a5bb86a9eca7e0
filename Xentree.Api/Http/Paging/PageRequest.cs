using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Xentree.Api.Http.Paging;

/// <summary>Which page of a list is asked for: <c>?limit=</c> (1–100, default 20) and <c>?cursor=</c>.</summary>
/// <param name="Limit">How many rows at the most.</param>
/// <param name="After">The id of the last row of the page before; null for the first page.</param>
public sealed record PageRequest(int Limit, Guid? After) : IEndpointParameterMetadataProvider
{
    /// <summary>The greatest limit.</summary>
    public const int MaxLimit = 100;

    internal const string CursorName = "cursor";

    private const string LimitName = "limit";
    private const int DefaultLimit = 20;

    /// <summary>Reads the query of a request.</summary>
    public static ValueTask<PageRequest?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var query = context.Request.Query;
        return ValueTask.FromResult<PageRequest?>(new PageRequest(ReadLimit(query, DefaultLimit, MaxLimit), ReadCursor(query)));
    }

    /// <summary>Reads <c>?limit=</c>.</summary>
    public static int ReadLimit(IQueryCollection query, int defaultLimit, int maxLimit)
    {
        if (!query.TryGetValue(LimitName, out var text)) return defaultLimit;

        return int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var limit)
            && limit >= 1 && limit <= maxLimit
            ? limit
            : throw Failures.Validation(LimitName, $"must be a number from 1 to {maxLimit}").AsException();
    }

    static void IEndpointParameterMetadataProvider.PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        builder.Metadata.Add(new QueryParameter(LimitName, "How many rows at the most.", 1, MaxLimit, DefaultLimit));
        builder.Metadata.Add(new QueryParameter(CursorName, "Where the page begins, from the `Link` of the page before."));
    }

    private static Guid? ReadCursor(IQueryCollection query)
    {
        if (!query.TryGetValue(CursorName, out var text)) return null;

        return Base64Url.TryDecode(text.ToString()) is { Length: 16 } bytes
            ? new Guid(bytes, bigEndian: true)
            : throw Failures.InvalidCursor.AsException();
    }
}
