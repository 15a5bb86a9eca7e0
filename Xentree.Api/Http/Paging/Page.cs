using System.Reflection;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Metadata;

namespace Xentree.Api.Http.Paging;

/// <summary>
/// A page of a list: a bare array, and the next page announced by <c>Link: &lt;…&gt;; rel="next"</c> (RFC 8288). Pages are found by the
/// id of the last row (keyset), so a row added while paging neither repeats nor hides another.
/// </summary>
/// <typeparam name="T">The type of a row.</typeparam>
public sealed class Page<T> : IResult, IEndpointMetadataProvider
{
    private readonly IReadOnlyList<T> _rows;
    private readonly Guid? _last;

    /// <summary>Makes a page of rows that were read with one more than the limit: the one more says whether there is a next page.</summary>
    public Page(PageRequest request, IReadOnlyList<T> rows, Func<T, Guid> id)
        : this(request, rows, rows.Count > request.Limit ? id(rows[request.Limit - 1]) : null)
    {
    }

    internal Page(PageRequest request, IReadOnlyList<T> rows, Guid? last)
    {
        _rows = last is null ? rows : [.. rows.Take(request.Limit)];
        _last = last;
    }

    /// <inheritdoc/>
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (_last is { } last)
        {
            var request = httpContext.Request;
            var query = new QueryBuilder(request.Query.Where(pair => pair.Key != "cursor").SelectMany(pair => pair.Value, (pair, value) => KeyValuePair.Create(pair.Key, value ?? "")))
            {
                { "cursor", Base64Url.Encode(last.ToByteArray(bigEndian: true)) },
            };
            var next = UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, request.Path, query.ToQueryString());
            httpContext.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }

        return httpContext.Response.WriteAsJsonAsync(_rows, ApiJson.Options, httpContext.RequestAborted);
    }

    static void IEndpointMetadataProvider.PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T[]), ["application/json"]));
        builder.Metadata.Add(Paged.Instance);
    }
}

/// <summary>Marks an operation whose answer announces a next page.</summary>
internal sealed class Paged
{
    public static Paged Instance { get; } = new();
}

/// <summary>Makes pages.</summary>
internal static class Page
{
    /// <summary>A page whose rows are not what is answered: they hold the id of the order, which the answer does not show.</summary>
    public static Page<T> Of<TRow, T>(PageRequest request, IReadOnlyList<TRow> rows, Func<TRow, Guid> id, Func<TRow, T> answer) =>
        new(request, [.. rows.Select(answer)], rows.Count > request.Limit ? id(rows[request.Limit - 1]) : null);
}
