using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace Xentree.Api.Features.Knowledge;

/// <summary>A part of a multipart body; the content can be read until the next part is asked for.</summary>
internal sealed record UploadPart(string Name, string? FileName, string? ContentType, Stream Content);

/// <summary>Reads a multipart body part by part, as it comes.</summary>
internal static class UploadParts
{
    private const int MaxParts = 16;
    private const int MaxBoundary = 70;

    public static async IAsyncEnumerable<UploadPart> ReadAsync(HttpRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A body that was read for its idempotency key lies in a file by now.
        if (request.HttpContext.Features.Get<IFormFeature>()?.Form is { } form)
        {
            foreach (var (name, values) in form) yield return new(name, null, null, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(values.ToString())));
            foreach (var file in form.Files)
            {
                await using var content = file.OpenReadStream();
                yield return new(file.Name, file.FileName, file.ContentType, content);
            }

            yield break;
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type) || !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw Failures.UnsupportedMediaType.AsException();
        if (HeaderUtilities.RemoveQuotes(type.Boundary) is not { Length: > 0 and <= MaxBoundary } boundary) throw Failures.MalformedBody.AsException();

        var reader = new MultipartReader(boundary.ToString(), request.Body);
        for (var count = 0; await NextAsync(reader, cancellation) is { } section; count++)
        {
            if (count == MaxParts) throw Failures.MalformedBody.AsException();
            if (!ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)) continue;

            var fileName = disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName;
            yield return new(HeaderUtilities.RemoveQuotes(disposition.Name).ToString(), HeaderUtilities.RemoveQuotes(fileName).Value, section.ContentType, section.Body);
        }
    }

    private static async Task<MultipartSection?> NextAsync(MultipartReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadNextSectionAsync(cancellation);
        }
        catch (Exception exception) when (exception is InvalidDataException || (exception is IOException and not BadHttpRequestException))
        {
            throw Failures.MalformedBody.AsException();
        }
    }
}
