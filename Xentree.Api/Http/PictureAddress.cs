namespace Xentree.Api.Http;

/// <summary>The public address of a profile picture: below the API, so that blob storage itself stays private.</summary>
public sealed class PictureAddress(IHttpContextAccessor requests)
{
    /// <summary>The path below which pictures are served.</summary>
    public const string Path = "/api/pictures";

    /// <summary>The absolute address of a picture; null where there is none.</summary>
    public string? Of(string? blob) => blob is null || requests.HttpContext?.Request is not { } request
        ? null
        : $"{request.Scheme}://{request.Host}{request.PathBase}{Path}/{blob}";
}
